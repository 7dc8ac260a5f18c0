//! JSON web tokens (RFC 7519), signed (RFC 7515) or encrypted (RFC 7516), service account tokens among them.

use super::search::{Find, Search};
use super::shape::{Class, may_begin_after};

/// The start of a header, by its first member: `alg`, `typ`, `kid`, `enc`, `cty`, `jku`, `x5t`, `zip`; also with a space after
/// the brace or the colon.
#[rustfmt::skip]
const HEADERS: [&str; 10] = [
    "eyJhbGci", "eyJ0eXAi", "eyJraWQi", "eyJlbmMi", "eyJjdHki", "eyJqa3Ui", "eyJ4NXQi", "eyJ6aXAi",
    "eyAiYWxn", "eyAidHlw",
];

/// The words that lead here.
pub(super) const FINDS: [(&[&str], Find); 1] = [(&["eyJ", "eyAi"], find)];

/// Hides a token, even if its end is missing.
fn find(search: &mut Search<'_>, at: usize, _: &str) {
    let text = &search.text[at..];
    if !may_begin_after(&search.text[..at]) || search.is_hidden(at) {
        return;
    }
    let header = Class::Word.leading(text);
    if header < 11 || !search.may_spend(header) {
        return;
    }
    let mut end = header;
    // the key of an encrypted token is empty when it was agreed on before
    for _ in 0..4 {
        let Some(part) = text[end..].strip_prefix('.') else { break };
        let len = Class::Word.leading(part);
        if len == 0 && !part.starts_with('.') {
            break;
        }
        end += 1 + len;
    }
    let end = text[..end].trim_end_matches('.').len();
    let is_header = HEADERS.iter().any(|header| text.starts_with(header));
    if end > header || is_header {
        search.hide(at..at + end);
    }
}
