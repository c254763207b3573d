//! The codes of texts that repeat: one space for all columns, code 0 for the absent text.
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// Texts whose codes are the same in every dictionary: those of RESERVED_TEXTS in src/odm/layout.ts, from code 1.
const RESERVED: [&str; 8] = ["Insert", "Update", "Remove", "Upsert", "Context", "data", "declared", "unknown"];
pub const REMOVE: i32 = 3;
pub const ZONE_OF_DATA: i32 = 6;
pub const ZONE_UNKNOWN: i32 = 8;

pub struct Dictionary {
    codes: FxHashMap<Rc<[u8]>, i32>,
    texts: Vec<Rc<[u8]>>,
}

impl Dictionary {
    pub fn new() -> Self {
        let mut dictionary = Dictionary { codes: FxHashMap::default(), texts: Vec::new() };
        for text in RESERVED {
            dictionary.code(text.as_bytes());
        }
        dictionary
    }

    #[inline]
    pub fn code(&mut self, text: &[u8]) -> i32 {
        match self.codes.get(text) {
            Some(code) => *code,
            None => self.add(text),
        }
    }

    #[cold]
    fn add(&mut self, text: &[u8]) -> i32 {
        let text: Rc<[u8]> = text.into();
        self.texts.push(text.clone());
        let code = self.texts.len() as i32;
        self.codes.insert(text, code);
        code
    }

    /// The text of a code from 1 on.
    pub fn text(&self, code: i32) -> &[u8] {
        &self.texts[code as usize - 1]
    }

    /// In the order of their codes, from 0.
    pub fn texts(&self) -> impl Iterator<Item = Option<&[u8]>> {
        std::iter::once(None).chain(self.texts.iter().map(|text| Some(&text[..])))
    }
}
