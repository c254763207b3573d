//! Identities and content hashes as docs/identity.md defines them.

/// MurmurHash3_x86_128 (Austin Appleby, public domain), seed 0: its first eight bytes, as a little-endian integer.
fn murmur3(bytes: &[u8]) -> i64 {
    const C: [u32; 4] = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93];
    let mut h = [0u32; 4];
    let scrambled = |word: u32, lane: usize| {
        word.wrapping_mul(C[lane]).rotate_left(15 + lane as u32).wrapping_mul(C[(lane + 1) & 3])
    };
    let mut blocks = bytes.chunks_exact(16);
    for block in &mut blocks {
        const AFTER: [(u32, u32); 4] = [(19, 0x561ccd1b), (17, 0x0bcaa747), (15, 0x96cd1c35), (13, 0x32ac3b17)];
        for lane in 0..4 {
            let word = u32::from_le_bytes(block[4 * lane..4 * lane + 4].try_into().expect("four bytes"));
            h[lane] ^= scrambled(word, lane);
            let next = h[(lane + 1) & 3];
            h[lane] = h[lane].rotate_left(AFTER[lane].0).wrapping_add(next).wrapping_mul(5).wrapping_add(AFTER[lane].1);
        }
    }
    let mut tail = [0u8; 16];
    tail[..blocks.remainder().len()].copy_from_slice(blocks.remainder());
    for lane in 0..4 {
        let word = u32::from_le_bytes(tail[4 * lane..4 * lane + 4].try_into().expect("four bytes"));
        h[lane] ^= scrambled(word, lane) ^ bytes.len() as u32;
    }
    spread(&mut h);
    for lane in &mut h {
        *lane = finished(*lane);
    }
    spread(&mut h);
    (u64::from(h[1]) << 32 | u64::from(h[0])) as i64
}

fn spread(h: &mut [u32; 4]) {
    h[0] = h[0].wrapping_add(h[1]).wrapping_add(h[2]).wrapping_add(h[3]);
    for lane in 1..4 {
        h[lane] = h[lane].wrapping_add(h[0]);
    }
}

fn finished(value: u32) -> u32 {
    let value = (value ^ value >> 16).wrapping_mul(0x85ebca6b);
    let value = (value ^ value >> 13).wrapping_mul(0xc2b2ae35);
    value ^ value >> 16
}

pub enum Repeat<'a> {
    None,
    Sent(&'a [u8]),
    Inferred(i32),
}

/// Levels that have an identity.
pub const STUDY: u8 = 0;
pub const SUBJECT: u8 = 1;
pub const STUDY_EVENT: u8 = 2;
pub const FORM: u8 = 3;
pub const ITEM_GROUP: u8 = 4;

pub fn identity(buffer: &mut Vec<u8>, parent: i64, level: u8, oid: &[u8], repeat: Repeat) -> i64 {
    buffer.clear();
    buffer.extend_from_slice(&parent.to_le_bytes());
    buffer.push(level);
    buffer.extend_from_slice(&(oid.len() as u32).to_le_bytes());
    buffer.extend_from_slice(oid);
    match repeat {
        Repeat::None => buffer.push(0),
        Repeat::Sent(key) => {
            buffer.push(1);
            buffer.extend_from_slice(key);
        }
        Repeat::Inferred(ordinal) => {
            buffer.push(2);
            buffer.extend_from_slice(&ordinal.to_le_bytes());
        }
    }
    murmur3(buffer)
}

/// The hash of one item, of which content hashes are the sum.
pub fn item(buffer: &mut Vec<u8>, oid: &[u8], marks: u8, unit: Option<&[u8]>, value: Option<&[u8]>) -> i64 {
    let sequence = 0u32;
    buffer.clear();
    buffer.extend_from_slice(&(oid.len() as u32).to_le_bytes());
    buffer.extend_from_slice(oid);
    buffer.extend_from_slice(&sequence.to_le_bytes());
    buffer.push(marks);
    for text in [unit, value] {
        buffer.extend_from_slice(&text.map_or(u32::MAX, |text| text.len() as u32).to_le_bytes());
        buffer.extend_from_slice(text.unwrap_or_default());
    }
    murmur3(buffer)
}
