"""The infrastructure: as AWS's linter reads it, as we promise it, and created and deleted in moto."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import cfnlint.api
import pytest
from cfnlint.decode.cfn_yaml import loads
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER
from moto import mock_aws

import tests.aws  # teaches moto the resources it lacks
from tests.packaged import package
from tests.test_entry_point import SKILL_ID
from tools.errors import ROOT
from tools.package import deployed_runtime

Json = dict[str, Any]

assert tests.aws
TEMPLATE = ROOT / "infrastructure" / "cfn-deployer" / "skill-stack.yaml"
TEXT = TEMPLATE.read_text(encoding="utf-8")
RESOURCES: Json = json.loads(json.dumps(loads(TEXT)))["Resources"]
USER_CONFIG: Json = json.loads((ROOT / "ask-resources.json").read_text(encoding="utf-8"))["profiles"]["default"][
    "skillInfrastructure"
]["userConfig"]
REGION = USER_CONFIG["awsRegion"]


def of_type(kind: str) -> list[Json]:
    return [resource["Properties"] for resource in RESOURCES.values() if resource["Type"] == kind]


def linted(template: str) -> list[str]:
    return [str(match) for match in cfnlint.api.lint(template, config={"include_checks": ["I"], "regions": [REGION]})]


def test_cfn_lint_has_nothing_to_say() -> None:
    assert linted(TEXT) == []
    assert linted(TEXT.replace("MemorySize: 512", "MemorySize: 5"))
    assert linted(TEXT.replace("!Ref Live\n      Principal", "!Ref Dead\n      Principal"))


def test_it_runs_what_is_built() -> None:
    (function,) = of_type("AWS::Lambda::Function")
    assert function["Architectures"] == ["arm64"]
    assert function["Runtime"] == {"Ref": "LambdaRuntime"} and USER_CONFIG["runtime"] == "python3.13"
    assert deployed_runtime() == "python3.13"
    assert (ROOT / USER_CONFIG["templatePath"]) == TEMPLATE
    module, _, name = USER_CONFIG["handler"].partition(".")
    assert f"def {name}(" in (ROOT / "lambda" / f"{module}.py").read_text(encoding="utf-8")


def test_alexa_has_not_gone_when_it_gives_up() -> None:
    (function,) = of_type("AWS::Lambda::Function")
    assert 6 <= function["Timeout"] < 8


def test_the_snapshot_is_of_what_alexa_calls() -> None:
    (function,) = of_type("AWS::Lambda::Function")
    assert function["SnapStart"] == {"ApplyOn": {"Ref": "SnapStart"}}
    (version,) = of_type("AWS::Lambda::Version")
    # New code has to become a new version, and does so where a property changes that only creating can set.
    assert "${CodeVersion}" in version["Description"]["Fn::Sub"]
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, "AWS::Lambda::Version").schema
    assert "/properties/Description" in schema["createOnlyProperties"]
    # Without a change of the function Lambda refuses a second version, "A version for this Lambda function exists".
    assert function["Environment"]["Variables"]["CODE_VERSION"] == {"Ref": "CodeVersion"}
    (alias,) = of_type("AWS::Lambda::Alias")
    assert alias["FunctionVersion"] == {"Fn::GetAtt": ["Version", "Version"]}
    (permission,) = of_type("AWS::Lambda::Permission")
    assert permission["FunctionName"] == {"Ref": "Live"}


def test_only_alexa_and_only_for_this_skill() -> None:
    (permission,) = of_type("AWS::Lambda::Permission")
    assert permission["Principal"] == "alexa-appkit.amazon.com"
    assert permission["EventSourceToken"] == {"Ref": "SkillId"}
    assert permission["Action"] == "lambda:InvokeFunction"


def test_it_may_write_its_own_log_and_nothing_else() -> None:
    (role,) = of_type("AWS::IAM::Role")
    assert "ManagedPolicyArns" not in role
    (policy,) = role["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert statement["Resource"] == {"Fn::GetAtt": ["Log", "Arn"]}


def test_the_log_forgets() -> None:
    (log,) = of_type("AWS::Logs::LogGroup")
    assert 1 <= log["RetentionInDays"] <= 30
    (function,) = of_type("AWS::Lambda::Function")
    assert function["LoggingConfig"]["LogGroup"] == {"Ref": "Log"}


def test_the_alarm_hears_what_the_guard_logs(caplog: pytest.LogCaptureFixture) -> None:
    from cramp_coach.handlers.log import log_failure

    log_failure("IntentRequest", RuntimeError())
    (failures,) = of_type("AWS::Logs::MetricFilter")
    assert failures["FilterPattern"].strip('"') in caplog.text


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Json]:
    """Clients of an AWS that is only here, with the code in its bucket."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        names = ("cloudformation", "lambda", "logs", "iam", "cloudwatch", "s3", "sns")
        clients = {name: boto3.client(name, region_name=REGION) for name in names}
        clients["s3"].create_bucket(Bucket="code")
        clients["s3"].put_bucket_versioning(Bucket="code", VersioningConfiguration={"Status": "Enabled"})
        clients["version"] = clients["s3"].put_object(Bucket="code", Key="k", Body=package().path.read_bytes())[
            "VersionId"
        ]
        yield clients


def parameters(version: str, **more: str) -> list[dict[str, str]]:
    given = {
        "SkillId": SKILL_ID,
        "LambdaRuntime": USER_CONFIG["runtime"],
        "LambdaHandler": USER_CONFIG["handler"],
        "CodeBucket": "code",
        "CodeKey": "k",
        "CodeVersion": version,
        **more,
    }
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]


@pytest.mark.parametrize("email", ["", "owner@example.com"])
def test_it_is_created_and_deleted(cloud: Json, email: str) -> None:
    formation = cloud["cloudformation"]
    given = parameters(cloud["version"], AlarmEmail=email)
    formation.create_stack(StackName="s", TemplateBody=TEXT, Parameters=given, Capabilities=["CAPABILITY_IAM"])
    (stack,) = formation.describe_stacks(StackName="s")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"

    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    assert outputs["SkillEndpoint"].endswith(":live")
    function = cloud["lambda"].get_function(FunctionName=outputs["SkillEndpoint"])["Configuration"]
    assert function["Runtime"] == "python3.13" and function["Handler"] == USER_CONFIG["handler"]
    assert function["CodeSize"] == package().zipped
    assert function["Environment"]["Variables"]["SKILL_ID"] == SKILL_ID
    alarms = cloud["cloudwatch"].describe_alarms()["MetricAlarms"]
    assert len(alarms) == 4
    assert {len(alarm["AlarmActions"]) for alarm in alarms} == {1 if email else 0}
    watched = {alarm["Dimensions"][0]["Value"] for alarm in alarms if alarm["Dimensions"]}
    assert watched == {function["FunctionName"]}
    filters = cloud["logs"].describe_metric_filters()["metricFilters"]
    failures = [alarm["MetricName"] for alarm in alarms if not alarm["Dimensions"]]
    assert [row["metricName"] for row in filters[0]["metricTransformations"]] == failures
    assert len(cloud["sns"].list_topics()["Topics"]) == (1 if email else 0)
    (log,) = cloud["logs"].describe_log_groups()["logGroups"]
    assert log["retentionInDays"] == 14 and log["logGroupName"] == outputs["Log"]

    formation.delete_stack(StackName="s")
    assert cloud["lambda"].list_functions()["Functions"] == []
    assert cloud["cloudwatch"].describe_alarms()["MetricAlarms"] == []
    assert cloud["logs"].describe_log_groups()["logGroups"] == []
    assert cloud["logs"].describe_metric_filters()["metricFilters"] == []
    assert cloud["iam"].list_roles()["Roles"] == []
    assert cloud["sns"].list_topics()["Topics"] == []
