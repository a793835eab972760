"""Starts, pauses, resumes and stops a background run with training/background.sh."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import numpy as np

SCRIPT = Path(__file__).parent / "background.sh"
PAUSE = SCRIPT.parent.parent / "scripts" / "pauseTraining.mjs"
# A small model at normal priority, because at the lowest priority the tests would wait for all other work.
OPTIONS = "--layers 1 --width 128 --batch 2 --length 32 --tokens 1e12"


class Background(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.work = Path(folder.name) / "work"
        self.work.mkdir()
        (self.work / "test.jsonl").touch()
        np.random.default_rng(1).integers(6, 8192, 40 * 48, np.uint16).tofile(self.work / "train.tokens")
        (48 * np.arange(1, 41, dtype=np.int64)).tofile(self.work / "train.index")
        self.environment = {**os.environ, "OPTIONS": OPTIONS, "XDG_STATE_HOME": str(Path(folder.name) / "state")}
        self.addCleanup(self.call, "stop")

    def call(self, *arguments: str) -> str:
        done = subprocess.run(
            [SCRIPT, self.work, *arguments], env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout.split("\n")[0]

    def started(self) -> list[int]:
        """Starts a run and waits for its first steps. Returns the ids of its processes."""
        self.assertRegex(self.call(), "^running: ")
        self.until((self.work / "background.log").exists)
        return [int(pid) for pid in (self.work / "background.pids").read_text().split()]

    def until(self, condition) -> None:
        deadline = time.monotonic() + 300
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    def states(self, pids: list[int]) -> set[str]:
        files = [Path(f"/proc/{pid}/stat") for pid in pids]
        return {file.read_text().rsplit(")", 1)[1].split()[0] for file in files if file.exists()}

    def rests(self, pids: list[int]) -> bool:
        """True if all processes are stopped. Poll it: a process stops only when it is next scheduled."""
        return self.states(pids) == {"T"}

    def test_a_second_call_stops_the_run_and_a_third_resumes_it(self) -> None:
        pids = self.started()
        self.assertEqual(len(pids), 2)
        self.assertEqual({os.getsid(pid) for pid in pids}, set(pids), "a session each")
        self.assertEqual(self.call(), "not running")
        self.until(lambda: self.states(pids) <= {"Z"})  # the processes may still be exiting
        steps = self.steps()
        self.assertGreaterEqual(steps, 50)
        self.call()
        self.until(lambda: self.steps() > steps)
        self.call()

    def steps(self) -> int:
        return json.loads((self.work / "background.log").read_text().splitlines()[-1])["step"]

    @unittest.skipUnless(shutil.which("node"), "Node.js is not here")
    def test_a_benchmark_pauses_the_run_until_it_ends(self) -> None:
        pids = self.started()
        program = f"import {{ pauseTraining }} from {json.dumps(str(PAUSE))}; pauseTraining(); process.stdin.resume();"
        command = ["node", "--input-type=module", "-e", program]
        benchmark = subprocess.Popen(command, stdin=subprocess.PIPE, env=self.environment)
        self.until(lambda: self.rests(pids))
        benchmark.communicate()
        self.assertEqual(benchmark.returncode, 0)
        self.until(lambda: "T" not in self.states(pids))

    def test_the_session_has_the_lowest_priority_too(self) -> None:
        program = "from processes import lower_priority as f; f(); print(open('/proc/self/autogroup').read())"
        done = subprocess.run(
            [sys.executable, "-c", f"import os; print(os.nice(0)); {program}; print(os.nice(0))"],
            cwd=SCRIPT.parent,
            capture_output=True,
            text=True,
            check=True,
            start_new_session=True,
        )
        before, group, _, after = done.stdout.split("\n")[:4]
        self.assertNotEqual(before, "19")
        self.assertIn("nice 19", group)
        self.assertEqual(after, "19")

    def test_the_run_stays_paused_until_all_who_paused_it_have_ended(self) -> None:
        pids = self.started()
        holders = [subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) for _ in range(2)]
        for holder in holders:
            self.call("pause", str(holder.pid))
        self.until(lambda: self.rests(pids))
        self.assertRegex(self.call("status"), "^paused: ")
        holders[0].communicate(b"\n")
        self.call("release")
        self.assertTrue(self.rests(pids))
        holders[1].kill()
        holders[1].communicate()
        self.until(lambda: "T" not in self.states(pids))
        self.call("pause")
        self.until(lambda: self.rests(pids))
        self.call("release")
        self.assertTrue(self.rests(pids), "the user's pause lasts until resume")
        self.call("resume")
        self.until(lambda: "T" not in self.states(pids))
        self.call("pause")
        self.assertEqual(self.call("stop"), "not running", "a paused run saves, too")
        self.assertTrue((self.work / "background.pt").exists())


if __name__ == "__main__":
    unittest.main()
