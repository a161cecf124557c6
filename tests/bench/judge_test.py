#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The judge of the bench: what it must let pass, what it must not, and that accepting writes nothing without a reason."""
import contextlib
import io
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "bench"))
import docs
import figures
import host
import judge
import measure

passed = failed = 0


def holds(what, good):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print("FAIL judge of the bench: " + what)


def judged(change):
    """Status and output of check() on the expected figures, changed like that."""
    result = measure.Result(figures={name: figure for name, (figure, _) in figures.expected().items()})
    change(result.figures)
    with contextlib.redirect_stdout(io.StringIO()) as out:
        status = judge.check(result)
    return status, out.getvalue()


def accepted(change, reason):
    result = measure.Result(figures={name: figure for name, (figure, _) in figures.expected().items()})
    change(result.figures)
    with contextlib.redirect_stdout(io.StringIO()):
        return judge.accept(result, reason)


def put(name, factor, plus=0):
    def change(found):
        found[name] = found[name] * factor + plus
    return change


def reasons():
    before = {"a": (100.0, ""), "b": (100.0, "old"), "b:code_lines": (10.0, "")}
    holds("1.9 % need no reason", not judge.raised(before, {"a": (101.9, "")}))
    holds("3 % need one", judge.raised(before, {"a": (103.0, "")}))
    holds("3 % with one", not judge.raised(before, {"a": (103.0, "why")}))
    holds("an old reason is none", judge.raised(before, {"b": (103.0, "old")}))
    holds("two lines of code more pass", not judge.raised(before, {"b:code_lines": (12.0, "")}))
    holds("three do not", judge.raised(before, {"b:code_lines": (13.0, "")}))


def checks():
    holds("equal figures pass", not judged(lambda found: None)[0])
    holds("3 % worse fail, by name", "FAIL call: " in judged(put("call", 1.03))[1])
    holds("1 % worse passes", not judged(put("call", 1.01))[0])
    holds("one barrier more fails", judged(put("call:barriers", 1, 1))[0])
    holds("a growth point fails", judged(put("grow/copy/one-more/1000", 1.03))[0])
    holds("better is told", "more than 2 % better" in judged(put("call", 0.9))[1])
    size = next(row for row in figures.rows() if row.id == "kernel-size")
    limit = judge.limit(size)
    holds("nothing declared: the target", judge.limit(size, "# nothing\n") == size.target == 65536)
    holds("what is declared may be added", judge.limit(size, "a\t100\twhy\nb\t28\twhy\n") == 65536 + 128)
    holds("up to a limit", judge.limit(size, "a\t1000000\twhy\n") == judge.LARGEST)
    holds("a kernel as large as its limit passes", not judge.beyond({"kernel-size": limit}))
    holds("a kernel one byte larger fails, by name",
          "FAIL kernel-size: %d, and the limit is %d" % (limit + 1, limit) in judged(put("kernel-size", 0, limit + 1))[1])
    holds("a figure that is gone fails", judged(lambda found: found.pop("call"))[0])
    holds("a figure without a row fails", judged(lambda found: found.update({"nonsense": 1}))[0])
    host.used_pages = lambda: (1.2, 1.0, 1.2)
    holds("slow pages fail", judged(lambda found: None)[0])
    host.used_pages = lambda: (1.0, 1.0, 1.0)


def acceptance():
    text = figures.EXPECTED.read_text()
    holds("worse without a reason is refused", accepted(put("call", 1.5), ""))
    holds("and nothing is written", figures.EXPECTED.read_text() == text)
    holds("with a reason it is taken", not accepted(put("call", 1.5), "a reason"))
    holds("and stands there", "\ta reason\n" in figures.EXPECTED.read_text())
    holds("no reason excuses a kernel beyond its limit", accepted(put("kernel-size", 0, judge.LARGEST + 1), "a reason"))
    holds("the chart follows", docs.CHART.read_text() == docs.show.chart(judge.plain(figures.expected())))


def main():
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        for module in (figures, judge):
            module.EXPECTED = pathlib.Path(folder) / "expected.tsv"
        figures.EXPECTED.write_text((ROOT / "bench" / "expected.tsv").read_text())
        for name, suffix in (("TEXT", "md"), ("CHART", "svg")):
            copy = pathlib.Path(folder) / ("performance." + suffix)
            copy.write_text(getattr(docs, name).read_text())
            setattr(docs, name, copy)
        host.used_pages = lambda: (1.0, 1.0, 1.0)
        docs.profile = lambda result, name, most: "`%s`: %s instructions" % (name, figures.number(result.figures[name]))
        reasons()
        checks()
        acceptance()
    print("%d passed, %d failed" % (passed, failed))
    return bool(failed)


sys.exit(main())
