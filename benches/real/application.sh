#!/usr/bin/env bash
# The shop in one process and in three, under closed and open load.
# Usage: application.sh [--seconds S] [--rounds N] [--only REGEX] [--out FILE]; --help tells the rest.
source "$(dirname "$0")/servers.sh"

help_only application "$@"
begin
build_app
start_postgres
database="host=$WORK/socket user=postgres dbname=postgres"
"$APP/shop" --fill "$database"
# The same computation for both layouts, calibrated where it will run.
rounds=$(taskset -c "$SERVER_CORE" "$APP/shop" --calibrate 1.24)

# shop PORT ARGUMENTS: a process of the shop on the servers' core; its id is in $SHOP.
shop() {
    local port=$1
    shift
    taskset -c "$SERVER_CORE" "$APP/shop" --listen "127.0.0.1:$port" \
        --database "$database" --heavy-rounds "$rounds" "$@" >"$WORK/shop-$port.log" 2>&1 &
    SHOP=$!
    SERVERS=("$SHOP" "${SERVERS[@]}")
    wait_until "the shop on port $port" answers "$port"
}
answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }

# Both layouts stand side by side, so that the rounds can go to and fro between them; the one
# that is not driven sleeps.
port=${PORT:-17080}
shop "$port" --roles front,catalog,orders
one=$SHOP
shop $((port + 2)) --roles catalog
three=$SHOP
shop $((port + 3)) --roles orders
three=$three,$SHOP
shop $((port + 1)) --roles front \
    --catalog "http://127.0.0.1:$((port + 2))" --orders "http://127.0.0.1:$((port + 3))"
three=$three,$SHOP
measure application --work "$WORK" --server "$POSTGRES" --drive "$APP/drive" \
    --one "$one" --three "$three" --port "$port" "$@"
