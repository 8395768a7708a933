# IAM cannot see that a PutItem comes without `attribute_not_exists`, so an overwritten entry is found afterwards: its
# stream record has an old image. A pipe passes exactly such records on, without any code of ours.

locals {
  pipe_name = "${var.table_name}-tampered"
  pipe_arn  = "arn:${data.aws_partition.current.partition}:pipes:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:pipe/${local.pipe_name}"
}

data "aws_iam_policy_document" "pipe_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["pipes.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [local.pipe_arn]
    }
  }
}

data "aws_iam_policy_document" "pipe" {
  statement {
    sid       = "ReadTheStream"
    actions   = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
    resources = ["${local.table_arn}/stream/*"]
  }

  # Has no resource to be limited to.
  statement {
    sid       = "FindTheStream"
    actions   = ["dynamodb:ListStreams"]
    resources = ["*"]
  }

  dynamic "statement" {
    for_each = var.alarm_topic == null ? [] : [var.alarm_topic.name]
    content {
      sid       = "Tell"
      actions   = ["sns:Publish"]
      resources = ["arn:${data.aws_partition.current.partition}:sns:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:${statement.value}"]
    }
  }
}

resource "aws_iam_role" "pipe" {
  count              = var.tamper_alarm ? 1 : 0
  name               = local.pipe_name
  assume_role_policy = data.aws_iam_policy_document.pipe_trust.json
}

resource "aws_iam_role_policy" "pipe" {
  count  = var.tamper_alarm ? 1 : 0
  name   = "tell-of-tampering"
  role   = aws_iam_role.pipe[0].name
  policy = data.aws_iam_policy_document.pipe.json
}

resource "aws_pipes_pipe" "tampered" {
  count       = var.tamper_alarm ? 1 : 0
  name        = local.pipe_name
  description = "Tells when an entry of a rollout log is overwritten or removed"
  role_arn    = aws_iam_role.pipe[0].arn
  source      = aws_dynamodb_table.log.stream_arn
  target      = var.alarm_topic.arn

  source_parameters {
    filter_criteria {
      filter {
        pattern = jsonencode({
          eventName = ["MODIFY", "REMOVE"]
          dynamodb  = { Keys = { sk = { S = [{ prefix = "log#" }] } } }
        })
      }
    }
    dynamodb_stream_parameters {
      starting_position = "LATEST"
      batch_size        = 1
    }
  }

  target_parameters {
    # Only keys and hashes: bodies may be as large as 390 KB, and a message as 256 KB.
    input_template = "{\"alarm\": \"an entry of the rollout log was changed or removed\", \"what\": <$.eventName>, \"service\": <$.dynamodb.Keys.pk.S>, \"entry\": <$.dynamodb.Keys.sk.S>, \"hashBefore\": <$.dynamodb.OldImage.hash.S>}"
  }

  depends_on = [aws_iam_role_policy.pipe]
}

# An alarm that cannot be raised must be heard as well.
resource "aws_cloudwatch_metric_alarm" "pipe_fails" {
  count               = var.tamper_alarm ? 1 : 0
  alarm_name          = "${local.pipe_name}-not-told"
  alarm_description   = "Changed entries of the rollout log could not be reported"
  namespace           = "AWS/EventBridge/Pipes"
  metric_name         = "ExecutionFailed"
  dimensions          = { PipeName = local.pipe_name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.alarm_topic.arn]
}
