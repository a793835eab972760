#!/usr/bin/env bash
# Trains in the background, at the lowest priority.
#
#   training/background.sh WORK           starts or resumes the run; if it is running, saves and stops it
#   training/background.sh WORK start | stop | status
#   training/background.sh WORK pause [PID]   freezes it at once; with PID, until that process ends
#   training/background.sh WORK resume        continues it, whoever paused it
#
# WORK contains the documents (documents.py). The run's files are WORK/background.*. The variable OPTIONS replaces the
# options of train.py. The path of WORK is stored in the user's state folder for scripts/pauseTraining.mjs.
set -euo pipefail

usage() { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
[[ $# -ge 1 && -d $1 ]] || usage
work=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
pids=$work/background.pids
pausers=$work/background.pausers
state=${XDG_STATE_HOME:-$HOME/.local/state}/rwkv-code/training
# --skip: the tokens that newest.safetensors have read in their last pass. Annealed weights need a low rate.
options=${OPTIONS:---background --from $here/checkpoints/newest.safetensors --skip 179.6e6 --rate 4e-4 --tokens 1e12}

# True if a process belongs to the run. Each id is checked, because the file of ids may be left over from a killed run.
alive() { tr '\0' ' ' 2>/dev/null < "/proc/$1/cmdline" | grep -qF "train.py $work background "; } 2>/dev/null

running() {
  local id
  for id in $(cat "$pids" 2>/dev/null); do
    if alive "$id"; then echo "$id"; fi
  done
}

signal() {
  local ids
  ids=$(running)
  # A process may exit between the check and the signal.
  [[ -z $ids ]] || kill -s "$1" $ids 2>/dev/null || true
}

start() {
  local python
  for python in python3 /usr/bin/python3 ''; do
    if [[ -z $python ]]; then echo "no Python with PyTorch: apt-get install python3-torch" >&2; exit 1; fi
    if "$python" -c 'import numpy, torch' 2>/dev/null; then break; fi
  done
  if [[ ! -f $work/train.tokens ]]; then echo "$work/train.tokens is missing: run documents.py $work" >&2; exit 1; fi
  rm -f "$pausers"
  mkdir -p "$(dirname "$state")"
  echo "$work" > "$state"
  # shellcheck disable=SC2086 # the options are several words
  setsid "$python" "$here/train.py" "$work" background --processes 2 $options \
    >> "$work/background.out" 2>&1 < /dev/null &
  echo $! > "$pids" # train.py replaces it with the ids of all its processes
  until [[ -n $(running) ]] || ! kill -0 $! 2>/dev/null; do sleep 0.1; done
  status
}

stop() {
  local id ids
  ids=$(running)
  rm -f "$state" "$pausers"
  if [[ -z $ids ]]; then echo "not running"; return; fi
  kill -s TERM $ids
  kill -s CONT $ids
  for id in $ids; do
    while alive "$id"; do sleep 0.1; done
  done
  status
}

# Prints who has paused the run and not resumed it: ids of processes that still run, or "user".
holders() {
  local id
  for id in $(cat "$pausers" 2>/dev/null); do
    if [[ $id == user || -d /proc/$id ]]; then echo "$id"; fi
  done
}

pause() {
  echo "${1:-user}" >> "$pausers"
  signal STOP
  # The process that asked for the pause may be killed before it can resume the run, so another one waits for it to exit.
  if [[ -n ${1:-} ]]; then
    setsid --fork bash -c 'tail --pid="$1" -f /dev/null; exec "$2" "$3" release' _ \
      "$1" "$here/background.sh" "$work" > /dev/null 2>&1 < /dev/null
  fi
}

release() { if [[ -z $(holders) ]]; then resume; fi; }

resume() { rm -f "$pausers"; signal CONT; }

status() {
  local ids
  ids=$(running)
  if [[ -z $ids ]]; then echo "not running"
  elif grep -q '^State:.T' "/proc/${ids%%$'\n'*}/status" 2>/dev/null; then echo "paused: ${ids//$'\n'/ }"
  else echo "running: ${ids//$'\n'/ }"; fi
  tail -n 1 "$work/background.out" 2>/dev/null || true
}

case ${2:-toggle} in
  toggle) if [[ -n $(running) ]]; then stop; else start; fi ;;
  start) if [[ -n $(running) ]]; then status; else start; fi ;;
  stop | resume | release | status) "$2" ;;
  pause) pause "${3:-}" ;;
  *) usage ;;
esac
