//! Reads a recording.

use std::{
    collections::BTreeMap,
    io::{BufRead, Read},
};

use super::{FORMAT, Header, RolledBack};
use crate::{model::Elapsed, observation::Observed, outcome::Rollback};

/// Bytes of a line: a read of 50,000 pods, which is the most that is listed, has some 40 MB.
const LINE_MAX: u64 = 64 << 20;

/// Why a recording can't be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The file can't be read.
    #[error("read line {line}")]
    Read {
        /// The line, from 1 on.
        line: usize,
        /// Why.
        source: std::io::Error,
    },
    /// The first line is no header.
    #[error("find a recording's header in line 1")]
    NoHeader {
        /// Why.
        source: serde_json::Error,
    },
    /// It names no target.
    #[error("find a target in line 1")]
    NoTarget,
    /// The format is another one.
    #[error("read format {found}: this version reads the formats 1 to {FORMAT}")]
    Format {
        /// The format that was found.
        found: u32,
    },
    /// A line is no observation.
    #[error("understand line {line}")]
    Line {
        /// The line, from 1 on.
        line: usize,
        /// Why.
        source: serde_json::Error,
    },
    /// A line is longer than an observation can be.
    #[error("read line {line}: it has more than {LINE_MAX} bytes")]
    Long {
        /// The line, from 1 on.
        line: usize,
    },
    /// A line is earlier than the one before it.
    #[error("follow line {line}: it is earlier than the line before it")]
    Order {
        /// The line, from 1 on.
        line: usize,
    },
}

/// Reads observations one by one.
pub struct Reader<R> {
    input: R,
    number: usize,
    last: Elapsed,
    rollbacks: BTreeMap<usize, Rollback>,
}

impl<R: BufRead> Reader<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// If there is none, or one of another format.
    pub fn new(mut input: R) -> Result<(Header, Self), RecordingError> {
        let text = line(&mut input, 1)?.unwrap_or_default();
        let header: Header =
            serde_json::from_slice(&text).map_err(|source| RecordingError::NoHeader { source })?;
        if !(1..=FORMAT).contains(&header.deploygate_recording) {
            return Err(RecordingError::Format { found: header.deploygate_recording });
        }
        if header.release.targets.is_empty() && header.release.problems.is_empty() {
            return Err(RecordingError::NoTarget);
        }
        Ok((header, Self { input, number: 1, last: Elapsed::ZERO, rollbacks: BTreeMap::new() }))
    }
}

impl<R: BufRead> Reader<R> {
    /// What rollbacks came to, by the places of their targets: those of all lines that are left to read, too.
    pub fn into_rollbacks(mut self) -> BTreeMap<usize, Rollback> {
        // the run had its end before a line that is wrong
        self.by_ref().take_while(Result::is_ok).for_each(drop);
        self.rollbacks
    }

    /// Keeps a line that is no observation, if it tells of a rollback.
    fn keep_rollback(&mut self, text: &[u8]) -> bool {
        let line = serde_json::from_slice::<RolledBack>(text);
        line.map(|line| self.rollbacks.insert(line.target, line.rolled_back)).is_ok()
    }

    fn is_at_end(&mut self) -> bool {
        self.input.fill_buf().is_ok_and(<[u8]>::is_empty)
    }
}

/// The next line without its end; `None` at the end of the file.
fn line(input: &mut impl BufRead, number: usize) -> Result<Option<Vec<u8>>, RecordingError> {
    let mut text = Vec::new();
    let read = input.take(LINE_MAX + 1).read_until(b'\n', &mut text);
    read.map_err(|source| RecordingError::Read { line: number, source })?;
    if text.last() == Some(&b'\n') {
        text.pop();
        return Ok(Some(text));
    }
    if text.len() as u64 > LINE_MAX {
        return Err(RecordingError::Long { line: number });
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Observed, RecordingError>;

    /// The next observation. A last line that was cut off, by a run that was killed, ends the recording.
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.number += 1;
            let line = self.number;
            let text = match self::line(&mut self.input, line).transpose()? {
                Ok(text) => text,
                Err(error) => return Some(Err(error)),
            };
            return match serde_json::from_slice::<Observed>(&text) {
                Ok(observed) if observed.elapsed < self.last => {
                    Some(Err(RecordingError::Order { line }))
                }
                Ok(observed) => {
                    self.last = observed.elapsed;
                    Some(Ok(observed))
                }
                Err(source) if source.is_eof() && self.is_at_end() => None,
                Err(_) if self.keep_rollback(&text) => continue,
                Err(source) => Some(Err(RecordingError::Line { line, source })),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fleet::Target,
        gate::Policy,
        model::{Kind, TargetRef},
        observation::{Observation, Signal},
        recording::Writer,
        vocabulary::Refusal,
    };
    use std::time::Duration;

    fn recording() -> Vec<u8> {
        let workload = TargetRef {
            kind: Kind::Deployment.into(),
            namespace: "shop".parse().unwrap(),
            name: "app".parse().unwrap(),
        };
        let target = Target::new(None, workload, Policy::default());
        let header = Header::new(jiff::Timestamp::UNIX_EPOCH, vec![target]);
        let mut bytes = Vec::new();
        let mut writer = Writer::new(&mut bytes, &header).unwrap();
        for second in [1, 2] {
            let observation = Observation::Interrupted(Signal::Terminate);
            writer.append(&Observed::new(Elapsed::from_secs(second), observation));
        }
        bytes
    }

    #[test]
    fn what_was_written_is_read() {
        let bytes = recording();
        let (header, reader) = Reader::new(bytes.as_slice()).unwrap();
        assert_eq!(header.release.targets[0].to_string(), "deployment/app");
        let times: Vec<_> = reader.map(|observed| observed.unwrap().elapsed.as_millis()).collect();
        assert_eq!(times, [1000, 2000]);
    }

    #[test]
    fn what_a_rollback_came_to_is_kept_and_the_last_line_of_a_target_holds() {
        let mut bytes = recording();
        let (header, _) = Reader::new(&*bytes.clone()).unwrap();
        let workload = &header.release.targets[0].workload;
        for (target, refusal) in
            [(0, Refusal::Interrupted), (0, Refusal::Conflict), (1, Refusal::Forbidden)]
        {
            let rolled_back = Rollback::refused(None, refusal, workload, Duration::ZERO, None);
            let line = RolledBack { elapsed: Elapsed::from_secs(3), target, rolled_back };
            bytes.extend(serde_json::to_vec(&line).unwrap());
            bytes.push(b'\n');
        }
        let (_, mut reader) = Reader::new(bytes.as_slice()).unwrap();
        assert_eq!(reader.by_ref().map(Result::unwrap).count(), 2);
        let rollbacks = reader.into_rollbacks().into_values();
        let refusals: Vec<_> = rollbacks.map(|rollback| rollback.refusal).collect();
        assert_eq!(refusals, [Some(Refusal::Conflict), Some(Refusal::Forbidden)]);
    }

    #[test]
    fn a_run_that_was_killed_leaves_a_recording() {
        let bytes = recording();
        let (_, reader) = Reader::new(&bytes[..bytes.len() - 10]).unwrap();
        assert_eq!(reader.filter(Result::is_ok).count(), 1);
    }

    #[test]
    fn a_line_without_end_is_refused_before_it_fills_the_memory() {
        let endless = std::io::repeat(b'x');
        let recording = recording();
        let input = std::io::BufReader::new(recording.as_slice().chain(endless));
        let (_, mut reader) = Reader::new(input).unwrap();
        assert!(matches!(reader.nth(2), Some(Err(RecordingError::Long { line: 4 }))));
        let endless = std::io::BufReader::new(std::io::repeat(b'x'));
        assert!(matches!(Reader::new(endless).err(), Some(RecordingError::Long { line: 1 })));
    }

    #[test]
    fn what_is_no_recording_is_refused_with_its_line() {
        assert!(matches!(Reader::new(&b""[..]).err(), Some(RecordingError::NoHeader { .. })));
        let later = String::from_utf8(recording())
            .unwrap()
            .replace("\"deploygate_recording\":2", "\"deploygate_recording\":9");
        assert!(matches!(
            Reader::new(later.as_bytes()).err(),
            Some(RecordingError::Format { found: 9 })
        ));
        let broken =
            String::from_utf8(recording()).unwrap().replace("\"t\":1000", "\"t\":\"soon\"");
        let (_, mut reader) = Reader::new(broken.as_bytes()).unwrap();
        assert!(matches!(reader.next(), Some(Err(RecordingError::Line { line: 2, .. }))));
        let backwards = String::from_utf8(recording()).unwrap().replace("\"t\":2000", "\"t\":200");
        let (_, reader) = Reader::new(backwards.as_bytes()).unwrap();
        assert!(matches!(reader.last(), Some(Err(RecordingError::Order { line: 3 }))));
    }
}
