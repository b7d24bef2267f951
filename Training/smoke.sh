#!/usr/bin/env bash
# Tests of the judge's arithmetic, then the smoke run where Python has torch; a message where it has
# not. PYTHON names another interpreter.
set -euo pipefail
cd "$(dirname "$0")"
python=${PYTHON:-python3}
if ! command -v "$python" >/dev/null; then
  echo "Training smoke run skipped: no $python."
  exit 0
fi
export PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1
"$python" judge_test.py --quiet
exec "$python" smoke.py
