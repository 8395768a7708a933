# The most that anything of titanic can ever do, whatever somebody attaches to its roles later. It allows a kind of
# work, not the work itself; that is the roles' own policies.

data "aws_iam_policy_document" "boundary" {
  statement {
    sid     = "WorkOfTitanic"
    actions = ["sagemaker:*"]
    resources = concat(
      [for kind in ["endpoint", "endpoint-config", "model"] : "${local.sagemaker}:${kind}/${var.prefix}*"],
      local.endpoint_arns.staging, local.endpoint_arns.prod, local.group_arns, local.package_arns,
    )
  }

  statement {
    sid = "WithoutResource"
    actions = [
      "cloudwatch:Describe*", "cloudwatch:Get*", "cloudwatch:List*", "cloudwatch:PutMetricData",
      "ecr:GetAuthorizationToken", "logs:DescribeLogGroups", "sagemaker:DescribeEndpoint",
      "sagemaker:DescribeEndpointConfig", "sagemaker:List*", "sts:GetCallerIdentity",
    ]
    resources = ["*"]
  }

  statement {
    sid       = "GuardsOfProd"
    actions   = ["cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm", "cloudwatch:SetAlarmState", "cloudwatch:TagResource"]
    resources = local.guard_arns
  }

  statement {
    sid = "TheRecord"
    actions = [
      "dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:PutItem",
      "dynamodb:Query",
    ]
    resources = [local.table_arn]
  }

  statement {
    sid       = "Roles"
    actions   = ["iam:PassRole", "sts:AssumeRole"]
    resources = [local.role_arns.sagemaker_execution, local.role_arns.staging, local.role_arns.prod]
  }

  statement {
    sid       = "Secrets"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = values(local.secret_arns)
  }

  statement {
    sid     = "ImagesModelsAndLogs"
    actions = ["ecr:Batch*", "ecr:GetDownloadUrlForLayer", "logs:*", "s3:GetObject", "s3:ListBucket"]
    resources = concat(
      values(local.repo_arns), var.model_repository_arns,
      var.model_data_arns, distinct([for arn in var.model_data_arns : split("/", arn)[0]]),
      ["${local.logs}:log-group:/aws/sagemaker/Endpoints/*"], [for _, arn in local.log_arns : "${arn}*"],
    )
  }

  statement {
    sid       = "OperatorsOwnKeys"
    actions   = ["iam:*AccessKey*", "iam:GetUser", "iam:ListUserTags", "iam:TagUser", "iam:UntagUser"]
    resources = [local.operator_arn]
  }

  dynamic "statement" {
    for_each = var.models_in_vpc ? [1] : []
    content {
      sid       = "ModelsInANetwork"
      actions   = ["ec2:*NetworkInterface*", "ec2:Describe*"]
      resources = ["*"]
    }
  }

  dynamic "statement" {
    for_each = length(var.model_kms_key_arns) == 0 ? [] : [var.model_kms_key_arns]
    content {
      sid       = "KeysOfModels"
      actions   = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
      resources = statement.value
    }
  }

  # Said once more as a refusal, because a refusal holds even if this list is one day widened.
  statement {
    sid    = "NeverTheRecordsPast"
    effect = "Deny"
    actions = [
      "dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:DeleteResourcePolicy", "dynamodb:DeleteTable",
      "dynamodb:PartiQL*", "dynamodb:PutResourcePolicy", "dynamodb:UpdateItem", "dynamodb:UpdateTable",
    ]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "boundary" {
  name        = "${var.prefix}boundary"
  description = "The most that anything of titanic can do"
  policy      = data.aws_iam_policy_document.boundary.json
}
