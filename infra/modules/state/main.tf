# The one table: the log of every service, which is both the state and the evidence.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  # Built from names, so that policies can be rendered and tested before anything exists.
  table_arn = "arn:${data.aws_partition.current.partition}:dynamodb:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:table/${var.table_name}"
}

resource "aws_dynamodb_table" "log" {
  name                        = var.table_name
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "pk"
  range_key                   = "sk"
  deletion_protection_enabled = var.deletion_protection
  stream_enabled              = var.tamper_alarm
  # The old image lets the alarm say which hash stood there before.
  stream_view_type = var.tamper_alarm ? "NEW_AND_OLD_IMAGES" : null

  attribute {
    name = "pk"
    type = "S"
  }

  attribute {
    name = "sk"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  dynamic "server_side_encryption" {
    for_each = var.kms_key_arn == null ? [] : [var.kms_key_arn]
    content {
      enabled     = true
      kms_key_arn = server_side_encryption.value
    }
  }
}

# A policy on the table itself holds for administrators too, where a policy of a role holds only for that role.
data "aws_iam_policy_document" "table" {
  statement {
    sid    = "OnlyTitanicAppends"
    effect = "Deny"
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    actions   = ["dynamodb:PutItem", "dynamodb:PartiQLInsert"]
    resources = [local.table_arn]
    condition {
      test     = "ArnNotLike"
      variable = "aws:PrincipalArn"
      values   = concat(var.writer_principal_arns, var.break_glass_principal_arns)
    }
  }

  statement {
    sid    = "NobodyChangesOrRemoves"
    effect = "Deny"
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    actions = [
      "dynamodb:BatchWriteItem",
      "dynamodb:DeleteItem",
      "dynamodb:PartiQLDelete",
      "dynamodb:PartiQLUpdate",
      "dynamodb:UpdateItem",
    ]
    resources = [local.table_arn]
    dynamic "condition" {
      for_each = length(var.break_glass_principal_arns) == 0 ? [] : [var.break_glass_principal_arns]
      content {
        test     = "ArnNotLike"
        variable = "aws:PrincipalArn"
        values   = condition.value
      }
    }
  }
}

resource "aws_dynamodb_resource_policy" "table" {
  resource_arn = aws_dynamodb_table.log.arn
  policy       = data.aws_iam_policy_document.table.json
}
