# Sourced by the scripts beside it: packages, the temporary folder, the servers and their end.
# shellcheck shell=bash
set -euo pipefail

REAL=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# The servers get one core and the load another, so that the load costs the servers nothing.
export SERVER_CORE=${SERVER_CORE:-0}
export LOAD_CORE=${LOAD_CORE:-1}
SERVERS=()
WORK=

# stop PID: ends a server in order and waits for it.
stop() {
    # PostgreSQL takes SIGINT as "end now, but in order"; SIGTERM would wait for its clients.
    kill -INT "$1" 2>/dev/null || true
    kill -TERM "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

cleanup() {
    trap '' INT TERM
    local pid
    for pid in "${SERVERS[@]}"; do stop "$pid"; done
    if [ -n "$WORK" ]; then rm -rf "$WORK"; fi
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say() { printf '%s\n' "$*" >&2; }

# need COMMAND PACKAGE: installs Debian's package if the command is missing and this is root.
need() {
    if command -v "$1" >/dev/null; then return; fi
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        say "installing $2"
        apt-get install -y -q --no-install-recommends "$2" >/dev/null
    else
        say "$1 is missing: install the package $2"
        exit 1
    fi
}

# help_only MODULE ARGUMENTS: answers --help before anything is set up.
help_only() {
    local module=$1
    shift
    case " $* " in
    *" -h "* | *" --help "*)
        PYTHONPATH="$REAL/measure" python3 -B "$REAL/measure/$module.py" --help
        exit
        ;;
    esac
}

# measure MODULE ARGUMENTS: the measuring part; it places the load on its core by itself.
measure() {
    local module=$1
    shift
    python3 -B "$REAL/measure/$module.py" "$@"
}

# begin: the cores and the temporary folder.
begin() {
    need python3 python3
    need taskset util-linux
    if [ "$(nproc --all)" -lt 2 ]; then
        say "the servers and the load need a core each; this machine has one"
        exit 1
    fi
    WORK=$(mktemp -d "${TMPDIR:-/tmp}/cutline-real.XXXXXX")
    chmod 755 "$WORK"
}

# as USER COMMAND...: runs it as that user if this is root (the servers refuse to run as root).
# It replaces the shell it runs in, so that "as ... &" leaves the server's own id in $!.
as() {
    local user=$1
    shift
    if [ "$(id -u)" -eq 0 ]; then
        exec setpriv --reuid "$user" --regid "$user" --clear-groups -- "$@"
    fi
    exec "$@"
}

# folder NAME USER: a folder in the temporary one that the user owns.
folder() {
    mkdir "$WORK/$1"
    if [ "$(id -u)" -eq 0 ]; then chown "$2" "$WORK/$1"; fi
}

# wait_until TEXT COMMAND...: tries the command for ten seconds.
wait_until() {
    local what=$1 i
    shift
    for ((i = 0; i < 100; i++)); do
        if "$@" >/dev/null 2>&1; then return; fi
        sleep 0.1
    done
    say "$what does not answer; its log:"
    tail -n 20 "$WORK"/*.log >&2 || true
    exit 1
}

# start_postgres: a new PostgreSQL on the servers' core, reached by a Unix socket in $WORK/socket.
# Leaves its process id in $POSTGRES. No vacuum by itself and no checkpoint within a run: both
# would fall into some points and not into others.
start_postgres() {
    need psql postgresql-client
    if ! compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null; then need initdb postgresql; fi
    local newest
    newest=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
    export PATH="$newest:$PATH"
    folder data postgres
    folder socket postgres
    (cd "$WORK" && as postgres initdb -D "$WORK/data" -U postgres -A trust \
        --locale=C.UTF-8 >"$WORK/initdb.log")
    (cd "$WORK" && as postgres taskset -c "$SERVER_CORE" postgres -D "$WORK/data" \
        -k "$WORK/socket" -c listen_addresses= -c autovacuum=off \
        -c checkpoint_timeout=1h -c max_wal_size=4GB) >"$WORK/postgres.log" 2>&1 &
    POSTGRES=$!
    SERVERS+=("$POSTGRES")
    export PGHOST="$WORK/socket" PGUSER=postgres PGDATABASE=postgres
    wait_until PostgreSQL psql -c 'SELECT 1'
}

# build_app: builds the crate in app/ if its sources have changed; leaves the folder in $APP.
build_app() {
    if ! command -v cargo >/dev/null; then
        say "cargo is missing: install Rust (https://rustup.rs) or the package cargo"
        exit 1
    fi
    cargo build --release --quiet --locked --manifest-path "$REAL/app/Cargo.toml"
    export APP="$REAL/app/target/release"
}
