# The alarms that guard a change of prod, and the kill switch among them: titanic makes them for each config, SageMaker
# watches them. Prod's alone, as in titanic.yml. They are named by config (`<prefix><service>-prod-v…`); those of the
# module `serving` are named by endpoint, and none of these statements reaches them.

data "aws_iam_policy_document" "guards" {
  # CloudWatch shows composite alarms, which may be among the named ones, and lists by prefix, only to who may see all;
  # and numbers, by which the fleets of a change are compared, have no resource to be limited to.
  statement {
    sid       = "LookAtAlarmsAndNumbers"
    actions   = ["cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData"]
    resources = ["*"]
  }

  statement {
    sid       = "ReadTagsOfGuards"
    actions   = ["cloudwatch:ListTagsForResource"]
    resources = ["${local.cloudwatch}:alarm:${var.prefix}*"]
  }

  # Making one with tags is tagging as well. CloudWatch has no key that says so, as SageMaker has.
  statement {
    sid       = "MakeGuards"
    actions   = ["cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"]
    resources = local.guard_arns
    dynamic "condition" {
      for_each = var.tags
      content {
        test     = "StringEquals"
        variable = "aws:RequestTag/${condition.key}"
        values   = [condition.value]
      }
    }
    # An alarm with actions could run a function, stop a machine or scale something; a guard is only looked at.
    condition {
      test     = "Null"
      variable = "cloudwatch:AlarmActions"
      values   = ["true"]
    }
  }

  # By name alone, which is enough here: the fastest way back must not hang on how soon a new alarm's tags are seen.
  statement {
    sid       = "TripTheKillSwitch"
    actions   = ["cloudwatch:SetAlarmState"]
    resources = [for arn in local.guard_arns : "${arn}-kill-switch"]
  }

  # The other half of a trip: the value that the switch itself watches. Has no resource to be limited to.
  statement {
    sid       = "WriteTheKillSwitch"
    actions   = ["cloudwatch:PutMetricData"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "cloudwatch:namespace"
      values   = ["Titanic"]
    }
  }

  statement {
    sid       = "DeleteGuards"
    actions   = ["cloudwatch:DeleteAlarms"]
    resources = local.guard_arns
    dynamic "condition" {
      for_each = var.tags
      content {
        test     = "StringEquals"
        variable = "aws:ResourceTag/${condition.key}"
        values   = [condition.value]
      }
    }
  }
}

# A policy of its own, because what is written into a role may be 10,240 characters long in all.
resource "aws_iam_policy" "guards" {
  name        = "${var.prefix}guards"
  description = "The alarms that guard a change of prod"
  policy      = data.aws_iam_policy_document.guards.json
}

# Staging is there to be broken, so nothing guards it.
resource "aws_iam_role_policy_attachment" "guards" {
  role       = aws_iam_role.environment["prod"].name
  policy_arn = aws_iam_policy.guards.arn
}

# Both together, as AWS judges them; for the tests alone.
data "aws_iam_policy_document" "prod" {
  source_policy_documents = [
    data.aws_iam_policy_document.environment["prod"].json, data.aws_iam_policy_document.guards.json,
  ]
}
