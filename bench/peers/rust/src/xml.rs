//! Attributes and text with their references resolved.
use quick_xml::escape::unescape;
use quick_xml::events::BytesStart;
use std::borrow::Cow;

/// Calls `take` with the name of each attribute and its value. Names with a prefix match none of ODM's.
#[inline]
pub fn each_attribute(element: &BytesStart, mut take: impl FnMut(&[u8], Cow<[u8]>)) {
    each_raw_attribute(element, |name, raw| take(name, resolved(raw)));
}

/// The same with the value as it is written.
#[inline]
pub fn each_raw_attribute(element: &BytesStart, mut take: impl FnMut(&[u8], &str)) {
    for attribute in element.attributes() {
        let attribute = attribute.expect("well-formed attributes");
        take(attribute.key.as_ref().as_bytes(), &attribute.value);
    }
}

#[inline]
pub fn resolved(value: &str) -> Cow<'_, [u8]> {
    match memchr::memchr(b'&', value.as_bytes()) {
        None => Cow::Borrowed(value.as_bytes()),
        Some(_) => Cow::Owned(resolved_slowly(value)),
    }
}

#[cold]
fn resolved_slowly(value: &str) -> Vec<u8> {
    unescape(value).expect("known references").into_owned().into_bytes()
}

/// What a reference in text, given by its name, stands for.
pub fn reference(name: &str) -> Vec<u8> {
    resolved_slowly(&format!("&{name};"))
}
