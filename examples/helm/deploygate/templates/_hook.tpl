{{- /*
The hook: after `helm install` and `helm upgrade`, deploygate watches the Deployment that has the name of the release, or the one that
the value `deploygate.deployment` names. Its failure fails the command, which rolls back with --atomic.
*/}}
{{- define "deploygate.hook" }}
{{- $values := .Values.deploygate | default dict }}
{{- $deployment := $values.deployment | default .Release.Name }}
{{- $name := printf "%s-deploygate" (.Release.Name | trunc 52) }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace | quote }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace | quote }}
rules:
  - apiGroups: ["apps"]
    resources: ["deployments"]
    resourceNames: [{{ $deployment | quote }}]
    verbs: [get, watch]
  - apiGroups: ["apps"]
    resources: ["replicasets"]
    verbs: [list, watch]
  - apiGroups: [""]
    resources: ["pods"]
    verbs: [get, list, watch]
  - apiGroups: [""]
    resources: ["pods/log"]
    verbs: [get]
  - apiGroups: [""]
    resources: ["events"]
    verbs: [list]
  # optional: with it, a Service that does not find the new pods is a warning
  - apiGroups: [""]
    resources: ["services"]
    verbs: [list]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace | quote }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ $name }}
subjects:
  - kind: ServiceAccount
    name: {{ $name }}
    namespace: {{ .Release.Namespace | quote }}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace | quote }}
  annotations:
    helm.sh/hook: post-install,post-upgrade
    # the last run's log stays until the next release
    helm.sh/hook-delete-policy: before-hook-creation
    helm.sh/hook-output-log-policy: hook-failed
spec:
  backoffLimit: 0
  activeDeadlineSeconds: {{ $values.activeDeadlineSeconds | default 900 }}
  template:
    spec:
      restartPolicy: Never
      serviceAccountName: {{ $name }}
      securityContext:
        runAsNonRoot: true
        seccompProfile: {type: RuntimeDefault}
      containers:
        - name: gate
          image: {{ $values.image | default "ghcr.io/OWNER/deploygate@sha256:DIGEST" | quote }}
          args:
            - wait
            - --timeout={{ $values.timeout | default "10m" }}
            - --window={{ $values.window | default "60s" }}
            - --report=markdown=-
            {{- range $values.args }}
            - {{ . | quote }}
            {{- end }}
            - --
            - {{ printf "deploy/%s" $deployment | quote }}
          resources:
            requests: {cpu: 50m, memory: 32Mi}
            limits: {memory: 128Mi}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
{{- end }}
