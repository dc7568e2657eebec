#!/bin/sh
# Deletes an ephemeral folder when the process that started this script ends, even by SIGKILL, and its servers have ended.
#
#   sweep.sh FOLDER     standard input: a pipe the starter holds open; FOLDER/run holds the pid files of guard.sh
trap '' INT QUIT HUP
folder=$1
cd /
while read -r ignored; do :; done
left=60
while [ "$left" -gt 0 ]; do
    alive=
    for pid_file in "$folder"/run/*.pid; do
        [ -f "$pid_file" ] && kill -0 "$(cat "$pid_file")" 2>/dev/null && alive=yes
    done
    [ -z "$alive" ] && break
    sleep 1
    left=$((left - 1))
done
rm -rf "$folder"
