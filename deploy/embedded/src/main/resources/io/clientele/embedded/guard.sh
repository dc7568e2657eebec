#!/bin/sh
# Runs one process and ends it when the process that started this script ends, even by SIGKILL.
#
#   guard.sh PID_FILE SIGNAL GRACE_SECONDS COMMAND [ARGUMENT...]     standard input: a pipe the starter holds open
#
# The end of the pipe is the wish to stop: SIGNAL, then SIGKILL after GRACE_SECONDS. The exit status is the command's.
# Signals of a terminal go to the starter alone, which stops its processes in its own order.
trap '' INT QUIT HUP
pid_file=$1
signal=$2
grace=$3
shift 3
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
trap 'kill -s "$signal" "$server" 2>/dev/null' TERM
(
    trap - TERM
    while read -r ignored <&3; do :; done
    kill -s "$signal" "$server" 2>/dev/null
    while [ "$grace" -gt 0 ] && kill -0 "$server" 2>/dev/null; do
        sleep 1
        grace=$((grace - 1))
    done
    kill -s KILL "$server" 2>/dev/null
) &
watcher=$!
exec 3<&-
echo "$server" >"$pid_file.next" && mv "$pid_file.next" "$pid_file"
wait "$server"
status=$?
while kill -0 "$server" 2>/dev/null; do
    wait "$server"
    status=$?
done
kill -s KILL "$watcher" 2>/dev/null
rm -f "$pid_file"
exit "$status"
