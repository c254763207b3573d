//! The events of quick-xml, passed on with the place of each tag.
use crate::dictionary::Dictionary;
use crate::schema::Schema;
use crate::xml;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::fs::File;
use std::io::BufReader;

pub trait Collector {
    fn new(schema: Schema) -> Self;
    /// `place`: byte offset of the start tag.
    fn open(&mut self, element: &BytesStart, place: i64);
    /// `end`: byte offset behind the end tag.
    fn close(&mut self, name: &[u8], end: i64);
    fn text(&mut self, text: &[u8]);
    fn end(self) -> (Schema, Dictionary);
}

pub fn read<C: Collector>(path: &str, collector: &mut C) {
    let file = File::open(path).expect("the file can be opened");
    let mut reader = Reader::from_reader(BufReader::with_capacity(1 << 20, file));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let place = reader.buffer_position() as i64;
        let event = reader.read_event_into(&mut buffer).expect("well-formed XML");
        match event {
            Event::Start(element) => collector.open(&element, place),
            Event::Empty(element) => {
                collector.open(&element, place);
                collector.close(element.name().as_ref().as_bytes(), reader.buffer_position() as i64);
            }
            Event::End(element) => collector.close(element.name().as_ref().as_bytes(), reader.buffer_position() as i64),
            Event::Text(text) => collector.text(text.as_bytes()),
            Event::CData(text) => collector.text(text.as_bytes()),
            Event::GeneralRef(name) => collector.text(&xml::reference(&name)),
            Event::Eof => break,
            _ => {}
        }
    }
}
