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
