//! The only writer: restores the template of an earlier revision, and deletes pods that keep it from taking effect.

use http::{Method, StatusCode, header::CONTENT_TYPE};
use serde_json::{Value, json};

use super::{
    Cluster,
    call::{Call, decode},
    failure::Failure,
    path,
};
use crate::{
    evidence::RevisionName,
    model::{
        Kind, Namespace, Pod, PodTemplate, RevisionKind, TargetRef, TemplateDigest, Uid, Workload,
    },
    observation::{FailureKind, ReadFailure, Resource, World},
};

/// Who wrote, as `managedFields` tells it.
const FIELD_MANAGER: &str = "deploygate";

/// A workload as it is at the moment.
#[derive(Clone, Debug)]
pub struct Sight {
    /// What of it is judged.
    pub workload: Workload,
    /// Its template as the server has it.
    template: Value,
}

/// The template of an earlier revision, as a workload takes it.
#[derive(Clone, Debug)]
pub struct OldTemplate {
    /// Its identity.
    pub digest: TemplateDigest,
    template: Value,
}

/// How a write ended.
#[derive(Clone, Debug)]
pub enum Written {
    /// It is in place.
    Done,
    /// The object changed at the same time: nothing was written.
    Conflict,
    /// The account may not.
    Forbidden(ReadFailure),
    /// The server does not take it: a precondition does not hold any more, or the template is refused.
    Rejected(ReadFailure),
    /// No answer: it may be in place or not.
    Lost(ReadFailure),
}

impl Sight {
    /// Reads a workload of this kind.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn of(kind: Kind, object: &Value) -> Result<Self, serde_json::Error> {
        let mut tagged = object.clone();
        tagged["kind"] = kind.api_name().into();
        let template = object.pointer("/spec/template").cloned().unwrap_or_default();
        Ok(Self { workload: serde_json::from_value(tagged)?, template })
    }
}

impl OldTemplate {
    /// A template without the label that the Deployment controller gives it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn of(mut template: Value) -> Result<Self, serde_json::Error> {
        let labels = template.pointer_mut("/metadata/labels").and_then(Value::as_object_mut);
        labels.map(|labels| labels.remove("pod-template-hash"));
        let PodTemplate { digest, .. } = serde_json::from_value(template.clone())?;
        Ok(Self { digest, template })
    }
}

impl Cluster {
    /// The workload as it is now; `None` if there is none of that name.
    ///
    /// # Errors
    /// It could not be read.
    pub async fn sight(&self, target: &TargetRef) -> Result<Option<Sight>, ReadFailure> {
        let what = format!("get {target} in namespace {}", target.namespace);
        let request = http::Request::get(path_of(target)).body(Vec::new());
        let call = of_request(Resource::Workload, what, request)?;
        let malformed =
            |error: serde_json::Error| Failure::new(FailureKind::Malformed, error.to_string());
        let mut body = Vec::new();
        let read = self.connection.read(&call, &mut body).await;
        match read.and_then(|_| decode::<Value>(&body)) {
            Ok(object) => Sight::of(target.kind.kind(), &object).map(Some).map_err(malformed),
            Err(Failure { kind: FailureKind::NotFound, .. }) => Ok(None),
            Err(failure) => Err(failure),
        }
        .map_err(|failure| call.failed(failure))
    }

    /// The template that a revision of the target holds.
    ///
    /// # Errors
    /// It could not be read, or is gone.
    pub async fn old_template(
        &self,
        target: &TargetRef,
        revision: &RevisionName,
    ) -> Result<OldTemplate, ReadFailure> {
        let kind = target.kind.kind().revisions().unwrap_or(RevisionKind::ReplicaSet);
        let template = self.template(&target.namespace, kind, revision).await?;
        OldTemplate::of(template).map_err(|error| {
            let what = format!("read revision {}", revision.name);
            let failure = Failure::new(FailureKind::Malformed, error.to_string());
            failure.of(Resource::Workload, &what)
        })
    }

    /// Writes the template, and nothing else, if the workload and its template are still those that were seen. Changes of
    /// its status do not matter, since the server checks both at the very moment of the write.
    pub async fn restore(
        &self,
        target: &TargetRef,
        sight: &Sight,
        template: &OldTemplate,
    ) -> Written {
        let patch = json!([
            {"op": "test", "path": "/metadata/uid", "value": sight.workload.metadata().uid.as_str()},
            {"op": "test", "path": "/spec/template", "value": sight.template},
            {"op": "replace", "path": "/spec/template", "value": template.template},
        ]);
        let what = format!("patch {target} in namespace {}", target.namespace);
        let uri = format!("{}?fieldManager={FIELD_MANAGER}", path_of(target));
        let request = http::Request::patch(uri)
            .header(CONTENT_TYPE, "application/json-patch+json")
            .body(patch.to_string().into_bytes());
        let call = match of_request(Resource::Workload, what, request) {
            Ok(call) => call,
            Err(failure) => return Written::Rejected(failure),
        };
        match self.connection.write(&call).await {
            Ok(()) => Written::Done,
            Err(failure) => end_of(&call, failure),
        }
    }

    /// Deletes a pod, if it is still the one with this UID.
    ///
    /// # Errors
    /// It could not be deleted. One that is gone is no error.
    pub async fn delete_pod(
        &self,
        namespace: &Namespace,
        name: &str,
        uid: &Uid,
    ) -> Result<(), ReadFailure> {
        let what = format!("delete pod {name} in namespace {namespace}");
        let options = json!({"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": uid.as_str()}});
        let request = http::Request::builder()
            .method(Method::DELETE)
            .uri(format!("{}/{name}", path::of(Resource::Pods, namespace)))
            .header(CONTENT_TYPE, "application/json")
            .body(options.to_string().into_bytes());
        let call = of_request(Resource::Pods, what, request)?;
        match self.connection.write(&call).await {
            Err(failure) if failure.status == Some(StatusCode::CONFLICT) => Ok(()),
            Err(Failure { kind: FailureKind::NotFound, .. }) => Ok(()),
            answer => answer.map_err(|failure| call.failed(failure)),
        }
    }

    /// The workload with the pods that its selector chooses.
    ///
    /// # Errors
    /// They could not be read.
    pub async fn with_pods(
        &self,
        target: &TargetRef,
    ) -> Result<Option<(Workload, Vec<Pod>)>, ReadFailure> {
        let reading = self.read(std::slice::from_ref(target), &World::default()).await?;
        let pods = reading.read.pods.iter().map(|pod| (**pod).clone()).collect();
        let workload = reading.read.workloads.first();
        Ok(workload.map(|workload| ((**workload).clone(), pods)))
    }
}

fn path_of(target: &TargetRef) -> String {
    format!("{}/{}", path::workloads(target.kind.kind(), &target.namespace), target.name)
}

fn of_request(
    resource: Resource,
    what: String,
    request: http::Result<http::Request<Vec<u8>>>,
) -> Result<Call, ReadFailure> {
    match request {
        Ok(request) => Ok(Call { resource, what, request }),
        Err(error) => {
            Err(Failure::new(FailureKind::Refused, error.to_string()).of(resource, &what))
        }
    }
}

/// What an answer without success says of the write. Admission refuses with 403 too; only who may not write is told which
/// verb it is about (Kubernetes 1.36 `staging/src/k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/errors.go`).
fn end_of(call: &Call, failure: Failure) -> Written {
    let is_of_admission = !failure.text.contains(" cannot patch ");
    let (kind, status) = (failure.kind, failure.status);
    let failure = call.failed(failure);
    match (kind, status) {
        (_, Some(StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS)) => Written::Conflict,
        (FailureKind::NotFound, _) => Written::Conflict,
        (FailureKind::Forbidden, _) if !is_of_admission => Written::Forbidden(failure),
        (FailureKind::Unauthorized, _) => Written::Forbidden(failure),
        (FailureKind::Forbidden | FailureKind::Refused, _) => Written::Rejected(failure),
        (FailureKind::Unreachable | FailureKind::Unavailable | FailureKind::Malformed, _) => {
            Written::Lost(failure)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_not_write_is_told_from_what_is_not_admitted() {
        let ended = |code: StatusCode, message: &str| {
            let body = json!({"kind": "Status", "message": message}).to_string();
            let request = http::Request::patch("/").body(Vec::new());
            let call = of_request(Resource::Workload, "patch".to_owned(), request).unwrap();
            end_of(&call, Failure::refused(code, &http::HeaderMap::new(), body.as_bytes()))
        };
        let denied = r#"deployments.apps "app" is forbidden: User "ci" cannot patch resource "deployments" in API group "apps""#;
        assert!(matches!(ended(StatusCode::FORBIDDEN, denied), Written::Forbidden(_)));
        for refused in [
            r#"admission webhook "x" denied the request: no"#,
            r#"deployments.apps "app" is forbidden: ValidatingAdmissionPolicy 'x' with binding 'x' denied request: no"#,
        ] {
            assert!(matches!(ended(StatusCode::FORBIDDEN, refused), Written::Rejected(_)));
        }
        assert!(matches!(ended(StatusCode::CONFLICT, "modified"), Written::Conflict));
        assert!(matches!(ended(StatusCode::GATEWAY_TIMEOUT, "late"), Written::Lost(_)));
    }
}
