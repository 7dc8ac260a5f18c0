//! How a custom resource is read: nothing of its form is sure but its metadata, so whatever does not look as expected is
//! passed over.

use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Value;

use super::{Custom, CustomStatus, Lineage, ResourceCondition};
use crate::{
    model::{ResourceName, ServerTime, WorkloadMeta},
    text::Untrusted,
};

/// As an API server or a recording has it.
#[derive(Deserialize)]
struct Raw {
    metadata: Value,
    #[serde(default)]
    resource: Option<ResourceName>,
    #[serde(default)]
    changed: Option<ServerTime>,
    #[serde(default)]
    status: Value,
    #[serde(default)]
    lineage: Value,
}

impl<'de> Deserialize<'de> for Custom {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Raw { metadata, resource, changed, status, lineage } = Raw::deserialize(deserializer)?;
        let changed = changed.or_else(|| last_change(&metadata["managedFields"]));
        // a field of that name may be the resource's own
        let lineage = match resource {
            Some(_) => Lineage::deserialize(lineage).unwrap_or_default(),
            None => Lineage::default(),
        };
        Ok(Self {
            metadata: WorkloadMeta::deserialize(metadata).map_err(D::Error::custom)?,
            resource,
            changed,
            status: CustomStatus::of(&status),
            lineage,
        })
    }
}

/// When a manager last wrote something that is neither metadata nor status (Kubernetes 1.36
/// `apimachinery/pkg/apis/meta/v1/types.go`, `ManagedFieldsEntry`).
fn last_change(managers: &Value) -> Option<ServerTime> {
    let is_told_apart = |field: &String| !matches!(&**field, "f:metadata" | "f:status");
    let writes = |entry: &&Value| {
        let is_of_status = entry["subresource"].as_str().is_some_and(|part| !part.is_empty());
        let fields = entry["fieldsV1"].as_object();
        !is_of_status && fields.is_some_and(|fields| fields.keys().any(is_told_apart))
    };
    let entries = managers.as_array()?.iter().filter(writes);
    entries.filter_map(|entry| time(&entry["time"])).max()
}

impl CustomStatus {
    fn of(status: &Value) -> Option<Self> {
        let fields = status.as_object().filter(|fields| !fields.is_empty())?;
        let conditions = fields.get("conditions").and_then(Value::as_array);
        Some(Self {
            observed_generation: fields.get("observedGeneration").and_then(number),
            conditions: conditions.into_iter().flatten().filter_map(condition).collect(),
        })
    }
}

fn condition(value: &Value) -> Option<ResourceCondition> {
    let text = |name: &str| value[name].as_str().map(Untrusted::from);
    Some(ResourceCondition {
        kind: text("type")?,
        status: text("status").or_else(|| Some(value["status"].as_bool()?.to_string().into()))?,
        reason: text("reason").unwrap_or_default(),
        message: text("message").unwrap_or_default(),
        observed_generation: number(&value["observedGeneration"]),
        last_transition_time: time(&value["lastTransitionTime"]),
    })
}

/// A number, or a text of one, as Argo writes generations.
fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

fn time(value: &Value) -> Option<ServerTime> {
    ServerTime::deserialize(value).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{Uid, Workload};

    fn custom(object: Value) -> Custom {
        serde_json::from_value(object).unwrap()
    }

    #[test]
    fn what_does_not_look_like_a_condition_is_passed_over() {
        let of = |status: Value| {
            let read = custom(json!({"metadata": {"name": "a", "uid": "u"}, "status": status}));
            read.status.map(|status| (status.observed_generation, status.conditions.len()))
        };
        assert_eq!(of(json!(null)), None);
        assert_eq!(of(json!({})), None);
        assert_eq!(of(json!("Ready")), None);
        assert_eq!(of(json!({"phase": "Ready"})), Some((None, 0)));
        assert_eq!(of(json!({"conditions": {"Ready": true}})), Some((None, 0)));
        let odd = json!([null, 3, {"type": "Ready"}, {"type": 1, "status": "True"},
            {"type": "Ready", "status": true, "lastTransitionTime": "soon", "observedGeneration": "7"}]);
        assert_eq!(of(json!({"observedGeneration": "12", "conditions": odd})), Some((Some(12), 1)));
    }

    #[test]
    fn the_last_change_is_the_last_write_beside_metadata_and_status() {
        let entry = |time: &str, fields: Value, part: Value| json!({"manager": "m", "time": time, "fieldsV1": fields, "subresource": part});
        let read = custom(json!({"metadata": {"name": "a", "uid": "u", "managedFields": [
            entry("2026-01-01T00:00:05Z", json!({"f:spec": {}, "f:metadata": {}}), json!(null)),
            entry("2026-01-01T00:00:07Z", json!({"f:metadata": {"f:annotations": {}}}), json!(null)),
            entry("2026-01-01T00:00:09Z", json!({"f:status": {}}), json!("status")),
            entry("2026-01-01T00:00:08Z", json!({"f:status": {}}), json!(null))]}}));
        assert_eq!(read.changed.unwrap().to_string(), "2026-01-01 00:00:05 UTC");
    }

    #[test]
    fn it_survives_a_recording() {
        let mut read = custom(json!({
            "kind": "Widget", "apiVersion": "example.com/v1", "lineage": ["a field of its own"],
            "metadata": {"name": "a", "uid": "u", "generation": 3, "resourceVersion": "9"},
            "status": {"observedGeneration": 2, "conditions": [
                {"type": "Ready", "status": "False", "reason": "Waits", "message": "for b", "observedGeneration": 2}]},
        }));
        assert_eq!(read.lineage, Lineage::default());
        read.resource = Some("widgets.example.com".parse().unwrap());
        read.lineage.owners = vec![Uid::new("rs")];
        let workload = Workload::Custom(read);
        let json = serde_json::to_string(&workload).unwrap();
        assert_eq!(serde_json::from_str::<Workload>(&json).unwrap(), workload, "{json}");
    }
}
