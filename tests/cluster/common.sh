# What `up` and `down` share: where a cluster lives, and which processes are its own.
number=${DEPLOYGATE_CLUSTER_NUMBER:-1}
home=/tmp/deploygate-cluster-$number

say() { echo "cluster $number: $*" >&2; }
die() { say "$*"; exit 1; }
[[ $number =~ ^[1-9]$ ]] || die "DEPLOYGATE_CLUSTER_NUMBER is '$number': it must be 1 to 9"

# ours PID: the command line names this cluster's folder, so a reused process ID is not mistaken for a part.
ours() { tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline" | grep -qF "$home/"; }

# running NAME: the part that was started under that name lives.
running() {
  local pid
  pid=$(cat "$home/$1.pid" 2>/dev/null) && ours "$pid"
}
