# What the bot does as itself: read the registry, decide on pending packages, read and append the record, and take on
# one of the two roles that may touch endpoints.

data "aws_iam_policy_document" "ecs_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
    # ECS acting for somebody else's account must not get in.
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${local.partition}:ecs:${local.region}:${local.account}:*"]
    }
  }
}

# By itself only ECS. A bot that runs elsewhere, or whoever tries one on their machine, is named.
data "aws_iam_policy_document" "bot_trust" {
  source_policy_documents = [data.aws_iam_policy_document.ecs_trust.json]

  dynamic "statement" {
    for_each = length(var.bot_principal_arns) == 0 ? [] : [var.bot_principal_arns]
    content {
      actions = ["sts:AssumeRole"]
      principals {
        type        = "AWS"
        identifiers = ["${local.iam}:root"]
      }
      condition {
        test     = "ArnEquals"
        variable = "aws:PrincipalArn"
        values   = statement.value
      }
    }
  }
}

data "aws_iam_policy_document" "bot_task" {
  statement {
    sid       = "ReadTheRegistry"
    actions   = ["sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"]
    resources = local.package_arns
  }

  # A listing is checked against the group or its packages, depending on which AWS documentation one reads; both are
  # ours.
  statement {
    sid       = "ListTheGroup"
    actions   = ["sagemaker:ListModelPackages"]
    resources = local.group_arns
  }

  statement {
    sid       = "DecideOnPackages"
    actions   = ["sagemaker:UpdateModelPackage"]
    resources = local.package_arns
    condition {
      test     = "StringEquals"
      variable = "sagemaker:ModelApprovalStatus"
      values   = ["Approved", "Rejected"]
    }
    # The same call could rewrite a package's metadata; titanic never does.
    condition {
      test     = "Null"
      variable = "sagemaker:CustomerMetadataPropertiesToRemove"
      values   = ["true"]
    }
  }

  # Where a version is: staging or prod. A call that says so cannot decide on it as well.
  statement {
    sid       = "SayWhereItIs"
    actions   = ["sagemaker:UpdateModelPackage"]
    resources = local.package_arns
    condition {
      test     = "Null"
      variable = "sagemaker:ModelApprovalStatus"
      values   = ["true"]
    }
    condition {
      test     = "Null"
      variable = "sagemaker:ModelLifeCycle:Stage"
      values   = ["false"]
    }
    condition {
      test     = "Null"
      variable = "sagemaker:CustomerMetadataPropertiesToRemove"
      values   = ["true"]
    }
  }

  # No UpdateItem, DeleteItem or BatchWriteItem: what was written stays. Only partitions of configured services.
  statement {
    sid       = "ReadAndAppendTheRecord"
    actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]
    resources = [local.table_arn]
    condition {
      test     = "ForAllValues:StringEquals"
      variable = "dynamodb:LeadingKeys"
      values   = [for name, _ in var.services : "service#${name}"]
    }
    # "All values" is also true of none.
    condition {
      test     = "Null"
      variable = "dynamodb:LeadingKeys"
      values   = ["false"]
    }
  }

  # Who was last seen in the groups: a rollback goes by it while Slack is away.
  statement {
    sid       = "RememberTheGroups"
    actions   = ["dynamodb:GetItem", "dynamodb:PutItem"]
    resources = [local.table_arn]
    condition {
      test     = "ForAllValues:StringEquals"
      variable = "dynamodb:LeadingKeys"
      values   = ["slack"]
    }
    condition {
      test     = "Null"
      variable = "dynamodb:LeadingKeys"
      values   = ["false"]
    }
  }

  # The second is asked by `titanic doctor`: could the record be brought back.
  statement {
    sid       = "SeeThatTheTableIsThere"
    actions   = ["dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTable"]
    resources = [local.table_arn]
  }

  statement {
    sid       = "ActOnEndpoints"
    actions   = ["sts:AssumeRole"]
    resources = [local.role_arns.staging, local.role_arns.prod]
  }
}

resource "aws_iam_role" "bot_task" {
  name                 = local.role_names.bot_task
  description          = "The bot itself"
  assume_role_policy   = data.aws_iam_policy_document.bot_trust.json
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_role_policy" "bot_task" {
  name   = "bot"
  role   = aws_iam_role.bot_task.name
  policy = data.aws_iam_policy_document.bot_task.json
}
