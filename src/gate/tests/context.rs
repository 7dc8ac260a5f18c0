//! What a verdict is told with: what changed, compared with what worked.

use super::*;
use crate::evidence::EvidenceRequest;

#[test]
fn what_changed_is_asked_for_once_and_only_where_something_goes_wrong() {
    let mut timeline = complete(1, policy());
    timeline.secs(70);
    assert_eq!((timeline.verdict(), timeline.gate.changes()), (Some(Verdict::Passed), None));

    let mut timeline = rolling(2, policy());
    timeline.wait("app-0", "ErrImagePull", "i/o timeout").crash("app-1", 1);
    let changes = timeline.gate.changes().unwrap();
    assert_eq!((&*changes.since, changes.since_number), ("set-1", Some(1)));
    assert!(!changes.since_available && !changes.only_restarted);
    let lines: Vec<_> = changes.changes.iter().map(|change| change.line().to_string()).collect();
    assert_eq!(lines, ["container app: image: shop/app:1 → shop/app:2"]);
    let asked = timeline.asked.iter().filter(|r| matches!(r, EvidenceRequest::Change(_)));
    assert_eq!(asked.count(), 1);
}
