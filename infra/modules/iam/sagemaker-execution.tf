# What a model's container runs with: it fetches its image and its data, and logs. The container is the model author's
# code, so this role can do nothing else.

data "aws_iam_policy_document" "sagemaker_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["sagemaker.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "sagemaker_execution" {
  statement {
    sid       = "LoadModels"
    actions   = ["s3:GetObject"]
    resources = var.model_data_arns
  }

  statement {
    sid       = "FindModels"
    actions   = ["s3:ListBucket"]
    resources = distinct([for arn in var.model_data_arns : split("/", arn)[0]])
  }

  statement {
    sid       = "PullImages"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = var.model_repository_arns
  }

  # Has no resource to be limited to.
  statement {
    sid       = "LogInToEcr"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid       = "Log"
    actions   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    resources = [for arn in concat(local.endpoint_arns.staging, local.endpoint_arns.prod) : "${local.logs}:log-group:/aws/sagemaker/Endpoints/${split("endpoint/", arn)[1]}:*"]
  }

  # SageMaker looks with this role at the alarms that may take a change back.
  statement {
    sid     = "LookAtGuards"
    actions = ["cloudwatch:DescribeAlarms"]
    resources = var.named_alarms_composite ? ["*"] : concat(
      local.guard_arns, [for name in var.named_alarms : "${local.cloudwatch}:alarm:${name}"],
    )
  }

  statement {
    sid       = "Measure"
    actions   = ["cloudwatch:PutMetricData"]
    resources = ["*"]
    condition {
      test     = "StringLike"
      variable = "cloudwatch:namespace"
      values   = ["/aws/sagemaker/*", "AWS/SageMaker"]
    }
  }
}

# Only for models that titanic.yml puts into a network (vpc), or whose volumes have a key of their own (kmsKeyId).
data "aws_iam_policy_document" "sagemaker_extras" {
  dynamic "statement" {
    for_each = var.models_in_vpc ? [1] : []
    content {
      sid = "StandInANetwork"
      actions = [
        "ec2:CreateNetworkInterface", "ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface",
        "ec2:DeleteNetworkInterfacePermission", "ec2:DescribeDhcpOptions", "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs",
      ]
      resources = ["*"]
    }
  }

  dynamic "statement" {
    for_each = length(var.model_kms_key_arns) == 0 ? [] : [var.model_kms_key_arns]
    content {
      sid       = "UseKeys"
      actions   = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
      resources = statement.value
    }
  }
}

resource "aws_iam_role_policy" "sagemaker_extras" {
  count  = var.models_in_vpc || length(var.model_kms_key_arns) > 0 ? 1 : 0
  name   = "network-and-keys"
  role   = aws_iam_role.sagemaker_execution.name
  policy = data.aws_iam_policy_document.sagemaker_extras.json
}

resource "aws_iam_role" "sagemaker_execution" {
  name                 = local.role_names.sagemaker_execution
  description          = "What models run with"
  assume_role_policy   = data.aws_iam_policy_document.sagemaker_trust.json
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_role_policy" "sagemaker_execution" {
  name   = "models"
  role   = aws_iam_role.sagemaker_execution.name
  policy = data.aws_iam_policy_document.sagemaker_execution.json
}
