"""NLU annotation sets and evaluations: whether a whole set of utterances is taken for what it means."""

from __future__ import annotations

import csv
import io
import uuid
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, jsonify, request

from simulator.matching import Match, shared_matcher
from simulator.skill import Json
from simulator.smapi.background import in_background
from simulator.smapi.errors import bad_request, body_of_request, known_locale, look_up, text_in, whole_number
from simulator.smapi.packages import keep, known_stage
from simulator.smapi.simulations import intent_of

MAX_RESULTS = 1000  # of one page
MAX_KEPT = 50  # annotation sets, and evaluations; the oldest go first
STATUSES = ("PASSED", "FAILED")
CSV = "text/csv"


@dataclass
class AnnotationSet:
    """Utterances with what each is expected to be, in one locale."""

    name: str
    locale: str
    rows: list[Json] = field(default_factory=list)
    updated: str = ""

    def properties(self) -> Json:
        """What the set is called and how long it is."""
        return {
            "name": self.name,
            "locale": self.locale,
            "numberOfEntries": len(self.rows),
            "updatedTimestamp": self.updated,
        }


@dataclass
class Evaluation:
    """A set held against a model; `cases` are there when it is over."""

    inputs: Json
    started: str
    cases: Future[list[Json]]

    def status(self) -> str:
        """IN_PROGRESS, PASSED, FAILED or ERROR."""
        if not self.cases.done():
            return "IN_PROGRESS"
        if self.cases.exception():
            return "ERROR"
        return "FAILED" if any(case["status"] == "FAILED" for case in self.cases.result()) else "PASSED"


@dataclass
class Kept:
    """What was made here, by id, for as long as the server lives."""

    sets: dict[str, AnnotationSet] = field(default_factory=dict)
    evaluations: dict[str, Evaluation] = field(default_factory=dict)


routes = Blueprint("nlu", __name__, url_prefix="/v1/skills/<skill_id>")


def kept() -> Kept:
    """The sets and evaluations of the current app."""
    found: Kept = current_app.extensions.setdefault("nlu", Kept())
    return found


def the_set(annotation_id: str) -> AnnotationSet:
    """The annotation set of that id. Raises SmapiError if there is none."""
    return look_up(kept().sets, annotation_id, "annotation set")


def the_evaluation(evaluation_id: str) -> Evaluation:
    """The evaluation of that id. Raises SmapiError if there is none."""
    return look_up(kept().evaluations, evaluation_id, "evaluation")


@routes.post("/nluAnnotationSets")
def create_set() -> tuple[Response, int]:
    """An empty set."""
    body = body_of_request()
    annotation_id = str(uuid.uuid4())
    made = AnnotationSet(text_in(body, "name"), known_locale(text_in(body, "locale")), updated=now())
    keep(kept().sets, annotation_id, made, MAX_KEPT)
    return jsonify(id=annotation_id), HTTPStatus.CREATED


@routes.get("/nluAnnotationSets")
def list_sets() -> Response:
    """The sets there are, perhaps of one locale."""
    wanted = request.args.get("locale")
    sets = kept().sets.items()
    listed = [{"annotationId": key, **each.properties()} for key, each in sets if wanted in (None, each.locale)]
    return jsonify(page_of("annotationSets", listed))


@routes.get("/nluAnnotationSets/<annotation_id>/properties")
def get_properties(annotation_id: str) -> Response:
    """What a set is called, and how long it is."""
    return jsonify(the_set(annotation_id).properties())


@routes.put("/nluAnnotationSets/<annotation_id>/properties")
def put_properties(annotation_id: str) -> tuple[str, int]:
    """Another name for it."""
    the_set(annotation_id).name = text_in(body_of_request(), "name")
    return "", HTTPStatus.CREATED


@routes.delete("/nluAnnotationSets/<annotation_id>")
def delete_set(annotation_id: str) -> tuple[str, int]:
    """Away with it."""
    the_set(annotation_id)
    del kept().sets[annotation_id]
    return "", HTTPStatus.NO_CONTENT


@routes.get("/nluAnnotationSets/<annotation_id>/annotations")
def get_annotations(annotation_id: str) -> Response:
    """The rows of a set, as JSON or as CSV."""
    rows = the_set(annotation_id).rows
    if request.accept_mimetypes.best_match(["application/json", CSV]) == CSV:
        return Response(write_csv(rows).encode("utf-8", "replace"), mimetype=CSV)  # JSON may hold half a character
    return jsonify(data=rows)


@routes.post("/nluAnnotationSets/<annotation_id>/annotations")
def update_annotations(annotation_id: str) -> tuple[str, int]:
    """Other rows for a set."""
    found = the_set(annotation_id)
    found.rows = read_csv(request.get_data()) if request.mimetype == CSV else read_rows()
    found.updated = now()
    return "", HTTPStatus.OK


@routes.post("/nluEvaluations")
def evaluate() -> Response:
    """Begin to hold a set against the model of its locale."""
    body = body_of_request()
    found = the_set(text_in(body, "source", "annotationId"))
    stage = known_stage(text_in(body, "stage"))
    locale = known_locale(text_in(body, "locale"))
    if locale != found.locale:
        raise bad_request(f"The annotation set is for {found.locale}, not for {locale}.", "PRECONDITION_NOT_MET")
    inputs = {"locale": locale, "stage": stage, "source": body["source"]}
    evaluation_id = str(uuid.uuid4())
    begun = Evaluation(inputs, now(), in_background(compare, list(found.rows), locale))
    keep(kept().evaluations, evaluation_id, begun, MAX_KEPT)
    return jsonify(id=evaluation_id)


@routes.get("/nluEvaluations")
def list_evaluations() -> Response:
    """The evaluations there are, perhaps of one locale, stage or set."""
    entries = [
        {"id": key, "status": each.status(), "startTimestamp": each.started, "inputs": each.inputs}
        for key, each in kept().evaluations.items()
        if request.args.get("locale") in (None, each.inputs["locale"])
        and request.args.get("stage") in (None, each.inputs["stage"])
        and request.args.get("annotationId") in (None, each.inputs["source"]["annotationId"])
    ]
    return jsonify(page_of("evaluations", entries))


@routes.get("/nluEvaluations/<evaluation_id>")
def get_evaluation(evaluation_id: str) -> Response:
    """How an evaluation stands."""
    found = the_evaluation(evaluation_id)
    links = {"results": {"href": f"{request.path}/results"}}
    return jsonify(status=found.status(), inputs=found.inputs, startTimestamp=found.started, _links=links)


@routes.get("/nluEvaluations/<evaluation_id>/results")
def get_results(evaluation_id: str) -> Response:
    """Its cases, perhaps of one status or intent."""
    found = the_evaluation(evaluation_id)
    if found.status() == "IN_PROGRESS":
        raise bad_request("The evaluation is still in progress.", "PRECONDITION_NOT_MET")
    cases = found.cases.result()
    wanted = request.args.get("testCaseStatus", "")
    if wanted and wanted not in STATUSES:
        raise bad_request(f"testCaseStatus is {' or '.join(STATUSES)}.", "INVALID_ENUM_VALUE")
    actual, expected = request.args.get("actualIntentName"), request.args.get("expectedIntentName")
    chosen = [
        case
        for case in cases
        if wanted in ("", case["status"])
        and actual in (None, case["actual"]["intent"]["name"])
        and (expected is None or expected in [each["intent"]["name"] for each in case["expected"]])
    ]
    failed = sum(case["status"] == "FAILED" for case in cases)
    return jsonify(totalFailed=failed, **page_of("testCases", chosen))


def page_of(name: str, entries: list[Json]) -> Json:
    """The page of `entries` that the query asks for, as `name`, with context and links. Raises SmapiError."""
    start, most = whole_number("nextToken", 0), min(whole_number("maxResults", MAX_RESULTS), MAX_RESULTS)
    if not most:  # or the next page would be this one again
        raise bad_request("maxResults must be 1 or more.", "INVALID_INTEGER_VALUE")
    context, links = {"totalCount": str(len(entries))}, {}
    if start + most < len(entries):
        context["nextToken"] = str(start + most)
        query = urlencode({**request.args, "nextToken": start + most, "maxResults": most})
        links["next"] = {"href": f"{request.path}?{query}"}
    return {name: entries[start : start + most], "paginationContext": context, "_links": links}


def compare(rows: list[Json], locale: str) -> list[Json]:
    """Each row with what the model makes of its utterance, PASSED or FAILED."""
    matcher = shared_matcher(locale)
    return [_case(row, matcher.match(row["inputs"]["utterance"])) for row in rows]


def _case(row: Json, match: Match) -> Json:
    passed = any(_as_expected(expected["intent"], match) for expected in row["expected"])
    actual = {"domain": "", "intent": intent_of(match)}
    status = "PASSED" if passed else "FAILED"
    return {"status": status, "inputs": row["inputs"], "actual": actual, "expected": row["expected"]}


def _as_expected(intent: Json, match: Match) -> bool:
    """Whether the intent is the one, and each slot has the words, or what they resolve to."""
    slots = intent.get("slots") or {}
    if intent.get("name") != match.intent or slots.keys() != match.slots.keys():
        return False
    for name, slot in match.slots.items():
        meant = {slot.value, *((slot.resolved.id, slot.resolved.name) if slot.resolved else ())}
        if slots[name].get("value") not in meant:
            return False
    return True


def read_rows() -> list[Json]:
    """The rows that were sent as JSON. Raises SmapiError that names the first that is none."""
    rows = body_of_request().get("data")
    if not isinstance(rows, list):
        raise bad_request("data must be a list of annotations.", "INVALID_DATA_TYPE")
    for number, row in enumerate(rows):
        if not is_annotation(row):
            raise bad_request(f"data[{number}] is not an annotation.", "INVALID_DATA_TYPE")
    return rows


def is_annotation(row: Any) -> bool:
    """Whether Amazon's classes could read it: an utterance, perhaps a time, and the intents expected."""
    try:
        if "referenceTimestamp" in row["inputs"]:
            datetime.fromisoformat(row["inputs"]["referenceTimestamp"])
        return bool(row["inputs"]["utterance"].strip()) and all(
            isinstance(expected["intent"]["name"], str)
            and all(isinstance(slot["value"], str) for slot in expected["intent"].get("slots", {}).values())
            for expected in row["expected"]
        )
    except (KeyError, TypeError, AttributeError, ValueError):
        return False


def read_csv(content: bytes) -> list[Json]:
    """The rows of Amazon's CSV. Raises SmapiError if a column is missing, or a line is none."""
    try:
        table = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), restval="")
        columns, lines = table.fieldnames or [], list(table)
    except (csv.Error, UnicodeDecodeError) as error:
        raise bad_request(f"The body is not CSV: {error}.", "CONTENT_PARSE_FAILURE") from None
    if "utterance" not in columns or "intent" not in columns:
        raise bad_request("The CSV needs the columns utterance and intent.", "MISSING_REQUIRED_PROPERTY")
    rows = []
    for number, line in enumerate(lines, start=1):
        if None in line:
            raise bad_request(f"Row {number} of the CSV has more fields than the header.", "CONTENT_PARSE_FAILURE")
        if not line["utterance"].strip() or not line["intent"]:
            raise bad_request(f"Row {number} of the CSV lacks an utterance or an intent.", "MISSING_REQUIRED_PROPERTY")
        slots = {
            column[5:-1]: {"value": line[column]}
            for column in columns
            if column.startswith("slot[") and column.endswith("]") and line[column]
        }
        intent = {"name": line["intent"], **({"slots": slots} if slots else {})}
        inputs = {name: line[name] for name in ("utterance", "referenceTimestamp") if line.get(name)}
        rows.append({"inputs": inputs, "expected": [{"intent": intent}]})
        if not is_annotation(rows[-1]):
            raise bad_request(f"Row {number} of the CSV has a referenceTimestamp that is none.", "INVALID_DATA_TYPE")
    return rows


def write_csv(rows: list[Json]) -> str:
    """The rows as Amazon's CSV, which `read_csv` reads; a row with several intents becomes a line for each."""
    lines = [
        {**row["inputs"], "intent": expected["intent"]["name"], **_slot_columns(expected["intent"])}
        for row in rows
        for expected in row["expected"]
    ]
    slots = sorted({column for line in lines for column in line if column.startswith("slot[")})
    written = io.StringIO()
    columns = ["utterance", "referenceTimestamp", "intent", *slots]
    table = csv.DictWriter(written, columns, extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    table.writerows(lines)
    return written.getvalue()


def _slot_columns(intent: Json) -> dict[str, str]:
    return {f"slot[{name}]": slot["value"] for name, slot in intent.get("slots", {}).items()}


def now() -> str:
    """The time as Amazon writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
