"""Languages: who has read them."""

from __future__ import annotations

from collections.abc import Iterator

from tools.certify.evidence import Evidence
from tools.certify.rules import Finding, ToDo, rule
from tools.errors import Problem
from tools.languages import translation

POLICY = "Policy Requirements for an Alexa Skill"


@rule("policy", "Every language has been read by those who have to, in the English of today", POLICY)
def read(evidence: Evidence) -> Iterator[Finding]:
    """A draft works on devices of one's own, and a stale line still makes sense; neither is for the public."""
    for role in translation.unread(evidence.language, evidence.translations):
        path = evidence.translations / evidence.language / translation.READERS
        what, fix = f"{evidence.language} is a draft and needs {role}", "enter who has read it and when"
        yield Problem(path, 0, what, fix) if evidence.submit else ToDo(f"{what}: {fix} in {path.name} of translation/.")
    if evidence.submit:
        yield from translation.stale(evidence.language, evidence.translations)
