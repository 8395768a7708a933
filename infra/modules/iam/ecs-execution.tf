# What ECS does before a task runs: pull its image, read its secrets, open its log. The tasks themselves never can.

data "aws_iam_policy_document" "ecs_execution" {
  for_each = toset(["bot", "inference-api"])

  statement {
    sid       = "PullTheImage"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = [local.repo_arns[each.value]]
  }

  # Has no resource to be limited to.
  statement {
    sid       = "LogInToEcr"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  # The bot gets its secrets as variables when it starts; the API reads its own.
  dynamic "statement" {
    for_each = each.value == "bot" ? [local.secret_arns.bot] : []
    content {
      sid       = "GiveSecrets"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [statement.value]
    }
  }

  statement {
    sid       = "Log"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${local.log_arns[each.value]}:*"]
  }
}

resource "aws_iam_role" "ecs_execution" {
  for_each             = toset(["bot", "inference-api"])
  name                 = "${var.prefix}${each.value}-execution"
  description          = "Starts the tasks of the ${each.value}"
  assume_role_policy   = data.aws_iam_policy_document.ecs_trust.json
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_role_policy" "ecs_execution" {
  for_each = toset(["bot", "inference-api"])
  name     = "start-tasks"
  role     = aws_iam_role.ecs_execution[each.value].name
  policy   = data.aws_iam_policy_document.ecs_execution[each.value].json
}
