{{- define "penstock.fullname" -}}
{{- $name := .Values.fullnameOverride -}}
{{- if not $name -}}
{{- $name = ternary .Release.Name (printf "%s-penstock" .Release.Name) (contains "penstock" .Release.Name) -}}
{{- end -}}
{{- if gt (len $name) 24 -}}
{{- fail (printf "name %q has %d characters (expected: at most 24, see fullnameOverride)" $name (len $name)) -}}
{{- end -}}
{{- $name -}}
{{- end }}

{{/* What a selector may hold: nothing that an upgrade changes. Takes (dict "root" $ "component" "…" "region" "…"). */}}
{{- define "penstock.selector" -}}
app.kubernetes.io/name: penstock
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- with .region }}
penstock.dev/region: {{ . }}
{{- end }}
{{- end }}

{{- define "penstock.labels" -}}
{{ include "penstock.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: penstock
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Takes (dict "root" $ "image" .Values.….image). */}}
{{- define "penstock.image" -}}
{{- $name := printf "%s/%s" .root.Values.image.registry .image.repository -}}
{{- if .image.digest -}}
{{ printf "%s@%s" $name .image.digest }}
{{- else -}}
{{ printf "%s:%s" $name (default .root.Chart.AppVersion .image.tag) }}
{{- end -}}
{{- end }}

{{/* The part of a pod's spec that is the same for all. No pod talks to the Kubernetes API, so none gets a token. */}}
{{- define "penstock.podSpec" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "penstock.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Prefers other machines and zones, never blocks scheduling. Takes the selector's dict. */}}
{{- define "penstock.spread" -}}
topologySpreadConstraints:
  {{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - topologyKey: {{ $key }}
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "penstock.selector" $ | nindent 8 }}
  {{- end }}
{{- end }}

{{/* The JVM and netty unpack native libraries into /tmp; nothing else is writable. */}}
{{- define "penstock.tmpVolume" -}}
- name: tmp
  emptyDir:
    sizeLimit: 128Mi
{{- end }}

{{- define "penstock.controlPlaneAddress" -}}
{{- if .Values.controlPlane.enabled -}}
{{ printf "%s-control-plane.%s.svc:9443" (include "penstock.fullname" .) .Release.Namespace }}
{{- else -}}
{{ .Values.dataPlane.controlPlaneAddress }}
{{- end -}}
{{- end }}

{{- define "penstock.adminUrl" -}}
{{- .Values.console.adminUrl | default (printf "http://%s-control-plane.%s.svc:9080" (include "penstock.fullname" .) .Release.Namespace) -}}
{{- end }}

{{/* The identity provider, where there is one. */}}
{{- define "penstock.oidcEgress" -}}
{{- if .Values.oidc.issuer }}
- ports:
    - {port: {{ .Values.oidc.port }}, protocol: TCP}
  to:
    {{- if .Values.oidc.cidrs }}
    {{- include "penstock.cidrPeers" .Values.oidc.cidrs | nindent 4 }}
    {{- else }}
    {{- include "penstock.anywhereButMetadata" $ | nindent 4 }}
    # Pods, for network plugins whose address blocks do not match them.
    - namespaceSelector: {}
    {{- end }}
{{- end }}
{{- end }}

{{- define "penstock.dnsEgress" -}}
- ports:
    - {port: 53, protocol: UDP}
    - {port: 53, protocol: TCP}
  to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ .Values.dns.namespace }}
    {{- range .Values.dns.cidrs }}
    - ipBlock:
        cidr: {{ . }}
    {{- end }}
{{- end }}

{{/* Everywhere but link-local addresses, where clouds serve machine credentials (169.254.169.254, fd00:ec2::254, fd20:ce::254). */}}
{{- define "penstock.anywhereButMetadata" -}}
- ipBlock:
    cidr: 0.0.0.0/0
    except: [169.254.0.0/16]
- ipBlock:
    cidr: ::/0
    except: ["fe80::/10", "fd00:ec2::254/128", "fd20:ce::254/128", "64:ff9b::a9fe:a9fe/128"]
{{- end }}

{{/* Addresses on the public internet: no private range is among them. */}}
{{- define "penstock.publicPeers" -}}
- ipBlock:
    cidr: 0.0.0.0/0
    except:
      - 10.0.0.0/8
      - 100.64.0.0/10
      - 127.0.0.0/8
      - 169.254.0.0/16
      - 172.16.0.0/12
      - 192.168.0.0/16
- ipBlock:
    cidr: ::/0
    except:
      - fc00::/7
      - fe80::/10
      - 64:ff9b::a9fe:a9fe/128
{{- end }}

{{/* Takes a list of namespace names. */}}
{{- define "penstock.namespacePeers" -}}
{{- range . }}
- namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: {{ . }}
{{- end }}
{{- end }}

{{/* Takes a list of CIDRs. */}}
{{- define "penstock.cidrPeers" -}}
{{- range . }}
- ipBlock:
    cidr: {{ . | quote }}
{{- end }}
{{- end }}
