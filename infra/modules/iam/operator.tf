# The human operator: sees everything titanic has, plans the serving module, keeps two access keys. Changes nothing of
# what serves: that goes through Slack. The keys are not made here, because their secrets would stand in the state;
# `infra/operator-keys.ts` makes, rotates and retires them.

locals {
  operator_arn = "${local.iam}:user/${var.operator_name}"
  # IAM keys have no names. These tags of the user say which key is which.
  key_names = ["data-science-user-primary", "data-science-user-rotation"]
}

data "aws_iam_policy_document" "operator" {
  statement {
    sid     = "SeeWhatServes"
    actions = ["sagemaker:DescribeEndpoint", "sagemaker:DescribeEndpointConfig", "sagemaker:DescribeModel", "sagemaker:ListTags"]
    resources = flatten([for env in local.environments : concat(
      local.endpoint_arns[env], local.config_arns[env], local.model_arns[env],
    )])
  }

  statement {
    sid       = "SeeTheRegistry"
    actions   = ["sagemaker:DescribeModelPackage", "sagemaker:DescribeModelPackageGroup", "sagemaker:ListModelPackages", "sagemaker:ListTags"]
    resources = concat(local.group_arns, local.package_arns)
  }

  statement {
    sid       = "ReadTheRecord"
    actions   = concat(["dynamodb:GetItem", "dynamodb:Query"], var.operator_may_append ? ["dynamodb:PutItem"] : [])
    resources = [local.table_arn]
    condition {
      test     = "ForAllValues:StringEquals"
      variable = "dynamodb:LeadingKeys"
      values   = [for name, _ in var.services : "service#${name}"]
    }
    condition {
      test     = "Null"
      variable = "dynamodb:LeadingKeys"
      values   = ["false"]
    }
  }

  statement {
    sid       = "SeeThatTheTableIsThere"
    actions   = ["dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTable"]
    resources = [local.table_arn]
  }

  # What `terraform plan` of the serving module reads; half of it has no resource to be limited to.
  statement {
    sid = "PlanServing"
    actions = [
      "cloudwatch:DescribeAlarms",
      "cloudwatch:GetDashboard",
      "cloudwatch:GetMetricData",
      "cloudwatch:ListTagsForResource",
      "logs:DescribeLogGroups",
    ]
    resources = ["*"]
  }

  statement {
    sid       = "ReadLogs"
    actions   = ["logs:FilterLogEvents", "logs:GetLogEvents", "logs:ListTagsForResource"]
    resources = concat(["${local.logs}:log-group:/aws/sagemaker/Endpoints/${var.prefix}*"], [for _, arn in local.log_arns : "${arn}*"])
  }

  statement {
    sid       = "KeepOwnKeys"
    actions   = ["iam:CreateAccessKey", "iam:DeleteAccessKey", "iam:GetUser", "iam:ListAccessKeys", "iam:ListUserTags", "iam:UpdateAccessKey"]
    resources = [local.operator_arn]
  }

  statement {
    sid       = "NameOwnKeys"
    actions   = ["iam:TagUser", "iam:UntagUser"]
    resources = [local.operator_arn]
    condition {
      test     = "ForAllValues:StringEquals"
      variable = "aws:TagKeys"
      values   = local.key_names
    }
    condition {
      test     = "Null"
      variable = "aws:TagKeys"
      values   = ["false"]
    }
  }
}

resource "aws_iam_policy" "operator" {
  name        = "${var.prefix}operator"
  description = "What ${var.operator_name} may see, and its own keys"
  policy      = data.aws_iam_policy_document.operator.json
}

resource "aws_iam_user" "operator" {
  name                 = var.operator_name
  permissions_boundary = aws_iam_policy.boundary.arn

  lifecycle {
    # The ids of the keys, which the script writes.
    ignore_changes = [
      tags["data-science-user-primary"], tags["data-science-user-rotation"],
      tags_all["data-science-user-primary"], tags_all["data-science-user-rotation"],
    ]
  }
}

resource "aws_iam_user_policy_attachment" "operator" {
  user       = aws_iam_user.operator.name
  policy_arn = aws_iam_policy.operator.arn
}
