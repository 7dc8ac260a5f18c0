//! The lines of a response that is read as it comes, none longer than a limit.

use http_body_util::BodyExt;
use kube::client::Body;

use super::failure::Failure;
use crate::observation::FailureKind;

/// Splits a body into lines. A `next` that is dropped while it waits loses nothing.
pub(super) struct Lines {
    body: Body,
    /// What has come in; everything before `start` has been returned.
    bytes: Vec<u8>,
    start: usize,
    longest: usize,
}

impl Lines {
    /// `longest` is the most bytes of a line.
    pub(super) fn new(body: Body, longest: usize) -> Self {
        Self { body, bytes: Vec::new(), start: 0, longest }
    }

    /// The next line without its line break, which the last one may lack; `None` at the end.
    ///
    /// # Errors
    /// The body broke, or a line is too long.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let mut seen = self.start;
        loop {
            if let Some(length) = self.bytes[seen..].iter().position(|byte| *byte == b'\n') {
                let end = seen + length;
                let line = self.bytes[self.start..end].to_vec();
                self.start = end + 1;
                return Ok(Some(line));
            }
            self.bytes.drain(..self.start);
            self.start = 0;
            if self.bytes.len() > self.longest {
                let text = format!("response line longer than {} bytes", self.longest);
                return Err(Failure::new(FailureKind::Malformed, text));
            }
            seen = self.bytes.len();
            match self.body.frame().await {
                Some(frame) => {
                    let frame = frame.map_err(|error| Failure::broken(&error))?;
                    self.bytes.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data));
                }
                None if self.bytes.is_empty() => return Ok(None),
                None => return Ok(Some(std::mem::take(&mut self.bytes))),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn lines(body: &str, longest: usize) -> Vec<Option<String>> {
        let mut lines = Lines::new(Body::from(body.as_bytes().to_vec()), longest);
        let mut all = Vec::new();
        loop {
            match lines.next().await {
                Ok(Some(line)) => all.push(Some(String::from_utf8(line).unwrap())),
                Ok(None) => return all,
                Err(_) => {
                    all.push(None);
                    return all;
                }
            }
        }
    }

    #[tokio::test]
    async fn a_line_ends_with_its_break_or_with_the_body() {
        let text = |lines: &[&str]| lines.iter().map(|l| Some((*l).to_owned())).collect::<Vec<_>>();
        assert_eq!(lines("a\n\nbc\nd", 9).await, text(&["a", "", "bc", "d"]));
        assert_eq!(lines("a\n", 9).await, text(&["a"]));
        assert_eq!(lines("", 9).await, []);
        assert_eq!(lines("0123456789", 9).await, [None]);
    }
}
