"""What junitparser, and lxml as libxml2's strict reader, make of JUnit files: one JSON document on stdout.

read.py FILE...   {"junitparser": {FILE: CASES}, "lxml": {FILE: CASES}}
A case is [suite, classname, name, end, type, message, first line of the body]; of a suite the counts stand first.
"""

import json
import sys

import junitparser
from lxml import etree


def first(text):
    return (text or "").strip().split("\n")[0]


def by_junitparser(path):
    # as EnricoMi/publish-unit-test-result-action calls it
    document = junitparser.JUnitXml.fromroot(etree.parse(path).getroot())
    cases = []
    for suite in document:
        cases.append([suite.name, suite.tests, suite.failures, suite.errors, suite.skipped])
        for case in suite:
            ends = case.result or [None]
            for end in ends:
                kind = type(end).__name__.lower() if end else "passed"
                cases.append(
                    [suite.name, case.classname, case.name, kind]
                    + ([end.type, end.message, first(end.text)] if end else [None, None, ""])
                )
    return cases


def by_lxml(path):
    # huge_tree is off: a text node of 10,000,000 bytes would be an error
    root = etree.parse(path, etree.XMLParser(huge_tree=False, recover=False)).getroot()
    cases = []
    for suite in root.iter("testsuite"):
        counts = [int(suite.get(key)) for key in ("tests", "failures", "errors", "skipped")]
        cases.append([suite.get("name"), *counts])
        for case in suite.iter("testcase"):
            ends = case.xpath("failure|error|skipped") or [None]
            for end in ends:
                cases.append(
                    [suite.get("name"), case.get("classname"), case.get("name")]
                    + ([end.tag, end.get("type"), end.get("message"), first(end.text)] if end is not None else ["passed", None, None, ""])
                )
    return cases


json.dump(
    {
        "junitparser": {path: by_junitparser(path) for path in sys.argv[1:]},
        "lxml": {path: by_lxml(path) for path in sys.argv[1:]},
    },
    sys.stdout,
)
