//! The order of a rollback, and what becomes of its write: in virtual time, with a cluster of a few lines.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use serde_json::{Value, json};

use super::*;
use crate::{
    clock::Clock,
    cluster::{OldTemplate, Sight, Written},
    evidence::RevisionName,
    gate::Policy,
    model::{Kind, Pod, TargetRef, Workload},
    observation::{FailureKind, Resource},
    report,
};

/// What happened, in order.
type Log = Rc<RefCell<Vec<String>>>;

/// A cluster whose answers to writes are set, and that takes the write where its answer says or hides that.
struct Fake {
    log: Log,
    image: RefCell<&'static str>,
    answers: RefCell<VecDeque<Step>>,
}

/// What the server does with a write.
#[derive(Clone, Copy)]
enum Step {
    Takes,
    /// It takes it, and the answer is lost.
    TakesSilently,
    /// It does not get it, and there is no answer.
    Loses,
    Conflicts,
    Forbids,
    Rejects,
    /// Somebody else writes first.
    IsLate,
    /// There is no answer for ever.
    Hangs,
}

fn template(image: &str) -> Value {
    json!({"metadata": {"labels": {"app": "app"}}, "spec": {"containers": [{"name": "app", "image": image}]}})
}

fn failure(kind: FailureKind) -> ReadFailure {
    ReadFailure { resource: Resource::Workload, kind, message: "why".into() }
}

impl Fake {
    fn object(&self) -> Value {
        json!({"metadata": {"name": "app", "uid": "d1"},
            "spec": {"selector": {}, "template": template(*self.image.borrow())}})
    }
}

impl Hands for Fake {
    async fn sight(&self, _: &TargetRef) -> Result<Option<Sight>, ReadFailure> {
        self.log.borrow_mut().push("look".into());
        Ok(Some(Sight::of(Kind::Deployment, &self.object()).unwrap()))
    }

    async fn old_template(
        &self,
        _: &TargetRef,
        _: &RevisionName,
    ) -> Result<OldTemplate, ReadFailure> {
        let mut template = template("app:1");
        template["metadata"]["labels"]["pod-template-hash"] = json!("5d");
        Ok(OldTemplate::of(template).unwrap())
    }

    async fn restore(&self, _: &TargetRef, _: &Sight, _: &OldTemplate) -> Written {
        self.log.borrow_mut().push("write".into());
        let step = self.answers.borrow_mut().pop_front().unwrap_or(Step::Takes);
        let takes = || self.image.replace("app:1");
        match step {
            Step::Takes => {
                takes();
                Written::Done
            }
            Step::TakesSilently => {
                takes();
                Written::Lost(failure(FailureKind::Unreachable))
            }
            Step::Loses => Written::Lost(failure(FailureKind::Unreachable)),
            Step::Conflicts => Written::Conflict,
            Step::Forbids => Written::Forbidden(failure(FailureKind::Forbidden)),
            Step::Rejects => Written::Rejected(failure(FailureKind::Refused)),
            Step::IsLate => {
                self.image.replace("app:3");
                Written::Rejected(failure(FailureKind::Refused))
            }
            Step::Hangs => std::future::pending().await,
        }
    }

    async fn with_pods(&self, _: &TargetRef) -> Result<Option<(Workload, Vec<Pod>)>, ReadFailure> {
        Ok(None)
    }

    async fn delete_pod(&self, _: &TargetRef, _: &Pod) -> Result<(), ReadFailure> {
        Ok(())
    }
}

/// Writes down what it is told.
struct Diary {
    log: Log,
    is_safe: bool,
}

impl Keeper for Diary {
    fn secure(&self, outcome: &Outcome) -> bool {
        let write = outcome.targets[0].rollback.as_ref().unwrap().write;
        self.log.borrow_mut().push(format!("secure {write}"));
        self.is_safe
    }

    fn know(&self, _: usize, rollback: &Rollback) {
        self.log.borrow_mut().push(rollback.write.to_string());
    }

    fn save(&self, _: &Outcome) {}

    fn tell(&self, _: &Clean) {}

    fn reporter(&self, _: &[Target]) -> Box<dyn Reporter> {
        unreachable!()
    }
}

fn target() -> Target {
    let workload = TargetRef {
        kind: Kind::Deployment.into(),
        namespace: "shop".parse().unwrap(),
        name: "app".parse().unwrap(),
    };
    Target::new(None, workload, Policy::default())
}

fn planned() -> Outcome {
    let object = json!({"kind": "Deployment", "metadata": {"name": "app", "uid": "d1"},
        "spec": {"selector": {}, "template": template("app:2")}});
    let failed: Workload = serde_json::from_value(object).unwrap();
    let restore = Restore::sample(failed.template().digest);
    let mut outcome = report::placeholder(&vec![target()].into(), jiff::Timestamp::UNIX_EPOCH);
    let decided = Rollback::decided(Ok(restore), &target().workload, Duration::from_secs(600));
    outcome.targets[0].set_rollback(decided);
    outcome
}

/// Carries the rollback out: what is on record of it then, and what happened.
async fn carried_out(
    steps: &[Step],
    is_safe: bool,
    signals: &mut Signals,
) -> (Rollback, Vec<String>) {
    let log: Log = Rc::default();
    let fake = Fake {
        log: Rc::clone(&log),
        image: RefCell::new("app:2"),
        answers: RefCell::new(steps.iter().copied().collect()),
    };
    let mut outcome = planned();
    let keeper = Diary { log: Rc::clone(&log), is_safe };
    let mut around = Surroundings { keeper: &keeper, redactor: &Redactor::built_in(), signals };
    carry_out(&|_: &Target| Some(&fake), &[target()], &mut outcome, &mut around).await;
    let happened = log.borrow().clone();
    (outcome.targets[0].rollback.clone().unwrap(), happened)
}

async fn ended(steps: &[Step]) -> (RollbackWrite, Option<Refusal>, usize) {
    let (rollback, happened) = carried_out(steps, true, &mut Signals::none()).await;
    let writes = happened.iter().filter(|what| *what == "write").count();
    (rollback.write, rollback.refusal, writes)
}

#[tokio::test(start_paused = true)]
async fn the_evidence_is_safe_before_anything_is_written() {
    let (rollback, happened) = carried_out(&[], true, &mut Signals::none()).await;
    let expected = ["secure unknown", "not done", "unknown", "look", "write", "done"];
    assert_eq!(happened, expected);
    assert_eq!(
        &*rollback.reason,
        "rolled back to revision app-1 (number 1), but it is not known to be healthy: the run ended before the watch of it"
    );

    let (rollback, happened) = carried_out(&[], false, &mut Signals::none()).await;
    assert_eq!(happened, ["secure unknown", "not done", "not done"]);
    assert_eq!(rollback.refusal, Some(Refusal::ReportUnwritable));
}

#[tokio::test(start_paused = true)]
async fn a_conflict_is_tried_again_while_nothing_has_changed_and_five_times_at_most() {
    use RollbackWrite::{Done, NotDone};
    assert_eq!(ended(&[Step::Conflicts; 4]).await, (Done, None, 5));
    assert_eq!(ended(&[Step::Conflicts; 9]).await, (NotDone, Some(Refusal::Conflict), 5));
    assert_eq!(ended(&[Step::IsLate]).await, (NotDone, Some(Refusal::Superseded), 1));
    let (rollback, _) = carried_out(&[Step::Conflicts; 4], true, &mut Signals::none()).await;
    assert_eq!(rollback.conflicts, 4);
    assert_eq!(ended(&[Step::Forbids]).await, (NotDone, Some(Refusal::Forbidden), 1));
    assert_eq!(ended(&[Step::Rejects; 9]).await, (NotDone, Some(Refusal::Rejected), 2));
}

#[tokio::test(start_paused = true)]
async fn of_a_lost_answer_it_is_found_out_what_became_of_the_write() {
    use RollbackWrite::{Done, NotDone, Unknown};
    assert_eq!(ended(&[Step::TakesSilently]).await, (Done, None, 1));
    assert_eq!(ended(&[Step::Loses]).await, (Done, None, 2));
    assert_eq!(ended(&[Step::Loses; 9]).await, (NotDone, Some(Refusal::Unreachable), 5));
    assert_eq!(ended(&[Step::Loses, Step::IsLate]).await, (Unknown, None, 2));
}

#[tokio::test(start_paused = true)]
async fn a_signal_ends_it_within_two_seconds_with_what_is_known() {
    let clock = Clock::start();
    let mut signals = Signals::after(Duration::from_secs(5), crate::observation::Signal::Terminate);
    let (rollback, _) = carried_out(&[Step::Hangs], true, &mut signals).await;
    let took = Duration::from_millis(clock.elapsed().as_millis());
    assert!(took >= Duration::from_secs(5) && took <= Duration::from_secs(7), "{took:?}");
    assert_eq!(rollback.write, RollbackWrite::Unknown);

    let mut signals = Signals::after(Duration::ZERO, crate::observation::Signal::Terminate);
    tokio::time::sleep(Duration::from_millis(1)).await;
    let (rollback, happened) = carried_out(&[], true, &mut signals).await;
    assert_eq!(happened, ["secure unknown", "not done", "not done"]);
    let expected = (RollbackWrite::NotDone, Some(Refusal::Interrupted));
    assert_eq!((rollback.write, rollback.refusal), expected);
}
