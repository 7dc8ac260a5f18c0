//! SIGINT and SIGTERM: the first one ends the watch, the second one the process.

use std::time::Duration;

use tokio::sync::mpsc;

use crate::observation::Signal;

/// After the first signal the program must end by itself within this time: the watch ends at once, evidence is waited
/// for [`super::EVIDENCE_WHEN_INTERRUPTED`], and reports take the rest.
const PATIENCE: Duration = Duration::from_secs(3);

/// Signals of the operating system, as they come.
#[derive(Debug)]
pub struct Signals {
    receiver: mpsc::Receiver<Signal>,
    /// The one that came.
    received: Option<Signal>,
    /// Kept where no handler holds it: without a sender the receiver would be at its end.
    _sender: Option<mpsc::Sender<Signal>>,
}

impl Signals {
    /// Installs the handlers. As PID 1 of a container a process has none by default, so this comes before anything
    /// that waits.
    ///
    /// `leave` is called when a second signal comes, or when the program has not ended some seconds after the first, on
    /// a thread of its own: a report on a dead network drive, or a pipe that nobody reads, holds whoever writes to it.
    ///
    /// # Errors
    /// If the operating system refuses a handler or the thread.
    pub fn install(leave: fn(Signal)) -> std::io::Result<Self> {
        let (sender, receiver) = mpsc::channel(1);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut sources = {
            let _entered = runtime.enter();
            Sources::new()?
        };
        let watch = async move {
            let first = sources.next().await;
            // the receiver may be gone when the run is over; reports are being written then
            let _ = sender.try_send(first);
            let second = tokio::time::timeout(PATIENCE, sources.next()).await;
            leave(second.unwrap_or(first));
        };
        let thread = std::thread::Builder::new().name("signals".to_owned());
        thread.spawn(move || runtime.block_on(watch))?;
        Ok(Self { receiver, received: None, _sender: None })
    }

    /// No signals: for a run inside a test.
    pub fn none() -> Self {
        let (sender, receiver) = mpsc::channel(1);
        Self { receiver, received: None, _sender: Some(sender) }
    }

    /// A signal that comes after this time, in a test.
    #[cfg(test)]
    pub(crate) fn after(time: Duration, signal: Signal) -> Self {
        let (sender, receiver) = mpsc::channel(1);
        let kept = sender.clone();
        tokio::spawn(async move {
            tokio::time::sleep(time).await;
            let _ = sender.send(signal).await;
        });
        Self { receiver, received: None, _sender: Some(kept) }
    }

    /// The next signal; waits for ever if there is none.
    pub async fn next(&mut self) -> Signal {
        match self.receiver.recv().await {
            Some(signal) => *self.received.insert(signal),
            None => std::future::pending().await,
        }
    }

    /// The signal that came, if one did, also if nobody waited for it.
    pub fn received(&mut self) -> Option<Signal> {
        self.received = self.received.or_else(|| self.receiver.try_recv().ok());
        self.received
    }
}

#[cfg(unix)]
struct Sources {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Sources {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
        }
    }
}

#[cfg(not(unix))]
struct Sources;

#[cfg(not(unix))]
impl Sources {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Signal {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Signal::Interrupt,
            Err(_) => std::future::pending().await,
        }
    }
}
