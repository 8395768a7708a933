# One role for all that concerns staging's endpoints and one for prod's. titanic takes them on where titanic.yml names
# them (aws.stagingRoleArn, aws.prodRoleArn). The prod role trusts the bot's task role and nobody else, so no person
# and no pipeline can change prod with it.

data "aws_iam_policy_document" "environment_trust" {
  for_each = local.environments

  statement {
    actions = ["sts:AssumeRole"]
    # The account, narrowed to one role by name: naming the role itself would need it to exist first, and would break
    # when it is made again.
    principals {
      type        = "AWS"
      identifiers = ["${local.iam}:root"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:PrincipalArn"
      values   = concat([local.role_arns.bot_task], each.value == "staging" ? var.staging_principal_arns : [])
    }
    # What CloudTrail shows must be what titanic calls itself.
    condition {
      test     = "StringEquals"
      variable = "sts:RoleSessionName"
      values   = ["titanic-${each.value}"]
    }
  }
}

data "aws_iam_policy_document" "environment" {
  for_each = local.environments

  # Of everybody's: a clean-up never deletes a config that any endpoint uses, so it has to see which do.
  statement {
    sid       = "Look"
    actions   = ["sagemaker:DescribeEndpoint", "sagemaker:DescribeEndpointConfig"]
    resources = ["${local.sagemaker}:endpoint/*", "${local.sagemaker}:endpoint-config/*"]
  }

  # A model may have secrets in its environment, so only its own.
  statement {
    sid       = "FollowTheChain"
    actions   = ["sagemaker:DescribeModel"]
    resources = local.model_arns[each.value]
  }

  # Also of what has the prefix and is no service's, to say why it is kept.
  statement {
    sid     = "ReadTags"
    actions = ["sagemaker:ListTags"]
    resources = concat(
      local.endpoint_arns[each.value],
      [for kind in ["endpoint", "endpoint-config", "model"] : "${local.sagemaker}:${kind}/${var.prefix}*"],
    )
  }

  # Have no resource to be limited to.
  statement {
    sid       = "ListEverything"
    actions   = ["sagemaker:ListEndpointConfigs", "sagemaker:ListEndpoints", "sagemaker:ListModels"]
    resources = ["*"]
  }

  statement {
    sid       = "MakeModels"
    actions   = ["sagemaker:CreateModel"]
    resources = local.model_arns[each.value]
    dynamic "condition" {
      for_each = var.tags
      content {
        test     = "StringEquals"
        variable = "aws:RequestTag/${condition.key}"
        values   = [condition.value]
      }
    }
  }

  # AWS's example for using a registry of another account grants CreateModel on the package as well; if it is asked
  # about the package here too, only those of our groups pass.
  statement {
    sid       = "FromPackagesOfTheGroups"
    actions   = ["sagemaker:CreateModel"]
    resources = local.package_arns
  }

  statement {
    sid       = "MakeConfigs"
    actions   = ["sagemaker:CreateEndpointConfig"]
    resources = local.config_arns[each.value]
    dynamic "condition" {
      for_each = var.tags
      content {
        test     = "StringEquals"
        variable = "aws:RequestTag/${condition.key}"
        values   = [condition.value]
      }
    }
    # What it may cost.
    condition {
      test     = "ForAllValues:StringEquals"
      variable = "sagemaker:InstanceTypes"
      values   = var.allowed_instance_types[each.value]
    }
    condition {
      test     = "NumericLessThanEqualsIfExists"
      variable = "sagemaker:ServerlessMemorySize"
      values   = [tostring(var.serverless_limits.memory_mb)]
    }
    condition {
      test     = "NumericLessThanEqualsIfExists"
      variable = "sagemaker:ServerlessMaxConcurrency"
      values   = [tostring(var.serverless_limits.max_concurrency)]
    }
    # No accelerators, whatever the instance type.
    condition {
      test     = "Null"
      variable = "sagemaker:AcceleratorTypes"
      values   = ["true"]
    }
  }

  statement {
    sid       = "MakeEndpoints"
    actions   = ["sagemaker:CreateEndpoint"]
    resources = concat(local.endpoint_arns[each.value], local.config_arns[each.value])
    dynamic "condition" {
      for_each = var.tags
      content {
        test     = "StringEquals"
        variable = "aws:RequestTag/${condition.key}"
        values   = [condition.value]
      }
    }
  }

  # Tags decide what may be deleted, so they are given at creation and never afterwards.
  statement {
    sid       = "TagWhatIsMade"
    actions   = ["sagemaker:AddTags"]
    resources = concat(local.endpoint_arns[each.value], local.config_arns[each.value], local.model_arns[each.value])
    condition {
      test     = "StringEquals"
      variable = "sagemaker:TaggingAction"
      values   = ["CreateEndpoint", "CreateEndpointConfig", "CreateModel"]
    }
    dynamic "condition" {
      for_each = var.tags
      content {
        test     = "StringEquals"
        variable = "aws:RequestTag/${condition.key}"
        values   = [condition.value]
      }
    }
  }

  statement {
    sid       = "UpdateOwn"
    actions   = ["sagemaker:UpdateEndpoint"]
    resources = concat(local.endpoint_arns[each.value], local.config_arns[each.value])
    dynamic "condition" {
      for_each = var.tags
      content {
        test     = "StringEquals"
        variable = "aws:ResourceTag/${condition.key}"
        values   = [condition.value]
      }
    }
  }

  statement {
    sid       = "DeleteOwnParts"
    actions   = ["sagemaker:DeleteEndpointConfig", "sagemaker:DeleteModel"]
    resources = concat(local.config_arns[each.value], local.model_arns[each.value])
    dynamic "condition" {
      for_each = var.tags
      content {
        test     = "StringEquals"
        variable = "aws:ResourceTag/${condition.key}"
        values   = [condition.value]
      }
    }
  }

  # A prod endpoint is deleted by nothing but a clean-up that says so, on the day on which that is switched on.
  dynamic "statement" {
    for_each = each.value == "staging" || var.allow_prod_deletion ? [local.endpoint_arns[each.value]] : []
    content {
      sid       = "DeleteOwnEndpoints"
      actions   = ["sagemaker:DeleteEndpoint"]
      resources = statement.value
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

  # Whether anybody uses it, and how its instances are used, for recommendations; has no resource to be limited to. Prod's
  # role may read all numbers with its guards.
  dynamic "statement" {
    for_each = each.value == "staging" ? ["*"] : []
    content {
      sid       = "SeeHowItIsUsed"
      actions   = ["cloudwatch:GetMetricData"]
      resources = [statement.value]
    }
  }

  statement {
    sid       = "Measure"
    actions   = ["sagemaker:InvokeEndpoint"]
    resources = local.endpoint_arns[each.value]
  }

  statement {
    sid       = "GiveModelsTheirRole"
    actions   = ["iam:PassRole"]
    resources = [local.role_arns.sagemaker_execution]
    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["sagemaker.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "environment" {
  for_each             = local.environments
  name                 = local.role_names[each.value]
  description          = "What titanic does to ${each.value} endpoints"
  assume_role_policy   = data.aws_iam_policy_document.environment_trust[each.value].json
  permissions_boundary = aws_iam_policy.boundary.arn
  # titanic asks again five minutes before the end; a role taken on by another role lasts an hour at most.
  max_session_duration = 3600
}

resource "aws_iam_role_policy" "environment" {
  for_each = local.environments
  name     = each.value
  role     = aws_iam_role.environment[each.value].name
  policy   = data.aws_iam_policy_document.environment[each.value].json

  lifecycle {
    precondition {
      condition     = length(data.aws_iam_policy_document.environment[each.value].minified_json) <= 10240
      error_message = "The role's policy is longer than the 10,240 characters that IAM takes. Name fewer services."
    }
  }
}
