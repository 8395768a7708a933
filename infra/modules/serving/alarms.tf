locals {
  # The caller's fault in staging is a smoke test that tries wrong input, so 4XX alarms only in prod.
  rates = {
    "4xx" = { metric = "Invocation4XXErrors", above = 0.05, environments = ["prod"], says = "of the requests were refused as malformed" }
    "5xx" = { metric = "Invocation5XXErrors", above = 0.01, environments = ["staging", "prod"], says = "of the requests failed" }
    "model-errors" = {
      metric = "InvocationModelErrors", above = 0.01, environments = ["staging", "prod"]
      says   = "of the requests were answered by the model with an error"
    }
  }
  rate_alarms = merge([for key, endpoint in local.endpoints : {
    for kind, rate in local.rates : "${key}-${kind}" => merge(rate, { endpoint = endpoint, kind = kind })
    if contains(rate.environments, endpoint.environment)
  }]...)
  watched = { for key, endpoint in local.endpoints : key => endpoint if endpoint.expected > 0 }
}

# The average of these metrics is a rate: one value of 0 or 1 a request.
resource "aws_cloudwatch_metric_alarm" "rate" {
  for_each            = local.rate_alarms
  alarm_name          = "${each.value.endpoint.name}-${each.value.kind}"
  alarm_description   = "More than ${each.value.above * 100} % ${each.value.says}"
  namespace           = "AWS/SageMaker"
  metric_name         = each.value.metric
  dimensions          = { EndpointName = each.value.endpoint.name, VariantName = local.variant }
  statistic           = "Average"
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.above
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.actions
  ok_actions          = local.actions
}

resource "aws_cloudwatch_metric_alarm" "latency" {
  for_each            = local.endpoints
  alarm_name          = "${each.value.name}-latency"
  alarm_description   = "p99 of the model's answers is above ${each.value.max_p99_ms} ms"
  namespace           = "AWS/SageMaker"
  metric_name         = "ModelLatency"
  dimensions          = { EndpointName = each.value.name, VariantName = local.variant }
  extended_statistic  = "p99"
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  comparison_operator = "GreaterThanThreshold"
  # Microseconds.
  threshold          = each.value.max_p99_ms * 1000
  treat_missing_data = "notBreaching"
  alarm_actions      = local.actions
  ok_actions         = local.actions
}

# Silence is a fault only where requests are expected; an endpoint that is gone sends no values at all.
resource "aws_cloudwatch_metric_alarm" "silent" {
  for_each            = local.watched
  alarm_name          = "${each.value.name}-silent"
  alarm_description   = "Fewer than ${each.value.expected} requests in 15 minutes"
  namespace           = "AWS/SageMaker"
  metric_name         = "Invocations"
  dimensions          = { EndpointName = each.value.name, VariantName = local.variant }
  statistic           = "Sum"
  period              = 900
  evaluation_periods  = 1
  comparison_operator = "LessThanThreshold"
  threshold           = each.value.expected
  treat_missing_data  = "breaching"
  alarm_actions       = local.actions
  ok_actions          = local.actions
}
