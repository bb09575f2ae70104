#!/bin/sh
# Ends every child when the parent is gone, also after kill -9, which no handler of the parent survives.
# A shell of 1 MB, not a Node process of 45 MB. Standard input is a pipe from the parent: "+<pid>" adds a
# process group, "-<pid>" takes it away, "." ends the guard, and the pipe's end means that the parent died.
groups=' '
while read -r line; do
  pid=${line#?}
  case $line in
    +*) groups="$groups$pid " ;;
    -*) case $groups in *" $pid "*) groups="${groups%%" $pid "*} ${groups#*" $pid "}" ;; esac ;;
    .) exit 0 ;;
  esac
done
any_alive() { for pid in $groups; do kill -s 0 -- "-$pid" 2>/dev/null && return 0; done; return 1; }
for pid in $groups; do kill -s TERM -- "-$pid" 2>/dev/null; done
tries=0
while any_alive && [ "$tries" -lt 40 ]; do sleep 0.1; tries=$((tries + 1)); done
for pid in $groups; do kill -s KILL -- "-$pid" 2>/dev/null; done
exit 0
