# The inference API asks prod, and reads what serves there. Nothing of staging, nothing that changes anything.

data "aws_iam_policy_document" "inference_api_task" {
  statement {
    sid       = "Ask"
    actions   = ["sagemaker:InvokeEndpoint"]
    resources = local.endpoint_arns.prod
  }

  statement {
    sid       = "SayWhatServes"
    actions   = ["sagemaker:DescribeEndpoint", "sagemaker:DescribeEndpointConfig", "sagemaker:DescribeModel"]
    resources = concat(local.endpoint_arns.prod, local.config_arns.prod, local.model_arns.prod)
  }

  # The rollout stands in the config's tags.
  statement {
    sid       = "SayWhichRollout"
    actions   = ["sagemaker:ListTags"]
    resources = local.config_arns.prod
  }

  # Keys are read again while it runs, so that one can be added or taken back without a restart.
  statement {
    sid       = "ReadApiKeys"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [local.secret_arns["inference-api"]]
  }
}

resource "aws_iam_role" "inference_api_task" {
  name                 = local.role_names.inference_api_task
  description          = "The inference API itself"
  assume_role_policy   = data.aws_iam_policy_document.ecs_trust.json
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_role_policy" "inference_api_task" {
  name   = "ask-prod"
  role   = aws_iam_role.inference_api_task.name
  policy = data.aws_iam_policy_document.inference_api_task.json
}
