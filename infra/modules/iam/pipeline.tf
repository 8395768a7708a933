# By choice: what a workflow of one GitHub repository may do with `titanic deploy`. It reads, and appends to the record;
# the bot does the rest. It has no key: GitHub says in a token which repository, and which branch or environment of it,
# a job belongs to, and this role trusts the ones that are named and nobody else.

locals {
  pipelines     = var.pipeline == null ? {} : { github = var.pipeline }
  github_issuer = "token.actions.githubusercontent.com"
}

# One for the account, whoever uses it.
resource "aws_iam_openid_connect_provider" "github" {
  for_each       = { for key, pipeline in local.pipelines : key => pipeline if pipeline.make_oidc_provider }
  url            = "https://${local.github_issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "pipeline_trust" {
  for_each = local.pipelines

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["${local.iam}:oidc-provider/${local.github_issuer}"]
    }
    condition {
      test     = "StringEquals"
      variable = "${local.github_issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }
    # Compared in full, without wildcards: neither a fork, nor a pull request, nor another branch gets in.
    condition {
      test     = "StringEquals"
      variable = "${local.github_issuer}:sub"
      values = concat(
        [for name in each.value.environments : "repo:${each.value.repository}:environment:${name}"],
        [for name in each.value.branches : "repo:${each.value.repository}:ref:refs/heads/${name}"],
      )
    }
  }
}

data "aws_iam_policy_document" "pipeline" {
  for_each = local.pipelines

  statement {
    sid       = "ReadTheRegistry"
    actions   = ["sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"]
    resources = local.package_arns
  }

  # As for the bot.
  statement {
    sid       = "ListTheGroup"
    actions   = ["sagemaker:ListModelPackages"]
    resources = local.group_arns
  }

  # Whether staging is somebody else's is asked before a rollout is recorded.
  statement {
    sid       = "LookAtStaging"
    actions   = ["sagemaker:DescribeEndpoint", "sagemaker:DescribeEndpointConfig", "sagemaker:DescribeModel"]
    resources = concat(local.endpoint_arns.staging, local.config_arns.staging, local.model_arns.staging)
  }

  statement {
    sid       = "ReadItsTags"
    actions   = ["sagemaker:ListTags"]
    resources = local.endpoint_arns.staging
  }

  statement {
    sid       = "ReadAndAppendTheRecord"
    actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]
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
}

resource "aws_iam_role" "pipeline" {
  for_each             = local.pipelines
  name                 = local.role_names.pipeline
  description          = "Workflows of ${each.value.repository} that deploy to staging"
  assume_role_policy   = data.aws_iam_policy_document.pipeline_trust[each.key].json
  permissions_boundary = aws_iam_policy.boundary.arn
  # A workflow waits as long as an approver needs to decide about a pending package, and the smoke tests after that.
  max_session_duration = 14400
}

resource "aws_iam_role_policy" "pipeline" {
  for_each = local.pipelines
  name     = "pipeline"
  role     = aws_iam_role.pipeline[each.key].name
  policy   = data.aws_iam_policy_document.pipeline[each.key].json
}
