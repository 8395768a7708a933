# What the bot says in its log becomes a number, and the number an alarm: no agent, and nothing of the bot's own has to
# reach CloudWatch. The sentences are pinned to the code by test/infra/wiring.test.ts.

locals {
  said = {
    record-unreadable = {
      pattern = "{ $.msg = \"the record could not be read\" }"
      above   = 5
      says    = "The record cannot be read, so nothing is decided"
    }
    outcome-unrecorded = {
      pattern = "{ $.msg = \"an outcome could not be recorded\" }"
      above   = 0
      says    = "What became of a call could not be recorded; titanic verify shows what is"
    }
    slack-unreachable = {
      pattern = "{ $.msg = \"The socket to Slack could not be opened; tried again\" || $.msg = \"Slack refuses the app token: check SLACK_APP_TOKEN\" }"
      above   = 5
      says    = "Slack cannot be reached; what was begun goes on, but nobody can press anything"
    }
    errors = {
      pattern = "{ $.level >= 50 }"
      above   = 0
      says    = "The bot logged an error"
    }
  }
}

resource "aws_cloudwatch_log_metric_filter" "said" {
  for_each       = local.said
  name           = "${local.name}-${each.key}"
  log_group_name = aws_cloudwatch_log_group.bot.name
  pattern        = each.value.pattern

  metric_transformation {
    namespace     = "Titanic"
    name          = "${local.name}-${each.key}"
    value         = "1"
    default_value = "0"
  }
}

resource "aws_cloudwatch_metric_alarm" "said" {
  for_each            = local.said
  alarm_name          = "${local.name}-${each.key}"
  alarm_description   = each.value.says
  namespace           = "Titanic"
  metric_name         = "${local.name}-${each.key}"
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.above
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.actions
  ok_actions          = local.actions
}

# One line a minute from each bot (src/pulse.ts). No line at all is the worst of them, so it counts as an alarm too.
locals {
  pulse = var.image == null ? {} : {
    not-ready = {
      pattern   = "{ $.msg = \"pulse\" && $.ready IS TRUE }"
      value     = "1"
      statistic = "Sum"
      compare   = "LessThanThreshold"
      threshold = 1
      minutes   = 5
      says      = "No bot is ready: what people type and press is not answered, or cannot be recorded"
    }
    intent-open = {
      pattern   = "{ $.msg = \"pulse\" }"
      value     = "$.oldestOpenIntentSeconds"
      statistic = "Maximum"
      compare   = "GreaterThanThreshold"
      threshold = 300
      minutes   = 3
      says      = "What became of a call to SageMaker is not known for five minutes: nothing else changes that endpoint"
    }
    announcer-behind = {
      pattern   = "{ $.msg = \"pulse\" }"
      value     = "$.announcerBehindEntries"
      statistic = "Minimum"
      compare   = "GreaterThanThreshold"
      threshold = 20
      minutes   = 10
      says      = "The channel does not show what the record says"
    }
  }
}

resource "aws_cloudwatch_log_metric_filter" "pulse" {
  for_each       = local.pulse
  name           = "${local.name}-${each.key}"
  log_group_name = aws_cloudwatch_log_group.bot.name
  pattern        = each.value.pattern

  # Without a default: a minute without a line must be seen as missing.
  metric_transformation {
    namespace = "Titanic"
    name      = "${local.name}-${each.key}"
    value     = each.value.value
  }
}

resource "aws_cloudwatch_metric_alarm" "pulse" {
  for_each            = local.pulse
  alarm_name          = "${local.name}-${each.key}"
  alarm_description   = each.value.says
  namespace           = "Titanic"
  metric_name         = "${local.name}-${each.key}"
  statistic           = each.value.statistic
  period              = 60
  evaluation_periods  = each.value.minutes
  comparison_operator = each.value.compare
  threshold           = each.value.threshold
  treat_missing_data  = "breaching"
  alarm_actions       = local.actions
  ok_actions          = local.actions
}

resource "aws_cloudwatch_metric_alarm" "running" {
  count               = var.image == null ? 0 : 1
  alarm_name          = "${local.name}-not-running"
  alarm_description   = "No bot runs: approvals and rollbacks wait"
  namespace           = "ECS/ContainerInsights"
  metric_name         = "RunningTaskCount"
  dimensions          = { ClusterName = aws_ecs_cluster.bot.name, ServiceName = local.name }
  statistic           = "Minimum"
  period              = 60
  evaluation_periods  = 3
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = "breaching"
  alarm_actions       = local.actions
  ok_actions          = local.actions
}

resource "aws_cloudwatch_metric_alarm" "unanswering" {
  count               = local.http ? 1 : 0
  alarm_name          = "${local.name}-not-answering"
  alarm_description   = "No bot answers its load balancer: what people press in Slack is lost"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HealthyHostCount"
  dimensions          = { LoadBalancer = aws_lb.bot[0].arn_suffix, TargetGroup = aws_lb_target_group.bot[0].arn_suffix }
  statistic           = "Minimum"
  period              = 60
  evaluation_periods  = 3
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = "breaching"
  alarm_actions       = local.actions
  ok_actions          = local.actions
}
