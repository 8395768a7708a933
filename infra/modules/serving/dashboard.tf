locals {
  # One row for each endpoint: requests and errors, latency, size.
  rows = [for row, key in sort(keys(local.endpoints)) : {
    endpoint = local.endpoints[key].name
    y        = row * 6
  }]
}

resource "aws_cloudwatch_dashboard" "endpoints" {
  dashboard_name = "${var.prefix}endpoints"
  dashboard_body = jsonencode({
    widgets = flatten([for row in local.rows : [
      {
        type = "metric", x = 0, y = row.y, width = 8, height = 6
        properties = {
          title   = "${row.endpoint}: requests and errors", region = var.region, stat = "Sum", period = 60
          metrics = [for metric in ["Invocations", "Invocation4XXErrors", "Invocation5XXErrors", "InvocationModelErrors"] : ["AWS/SageMaker", metric, "EndpointName", row.endpoint, "VariantName", local.variant]]
        }
      },
      {
        type = "metric", x = 8, y = row.y, width = 8, height = 6
        properties = {
          title = "${row.endpoint}: latency, microseconds", region = var.region, period = 60
          metrics = [
            ["AWS/SageMaker", "ModelLatency", "EndpointName", row.endpoint, "VariantName", local.variant, { stat = "p50" }],
            ["AWS/SageMaker", "ModelLatency", "EndpointName", row.endpoint, "VariantName", local.variant, { stat = "p99" }],
            ["AWS/SageMaker", "OverheadLatency", "EndpointName", row.endpoint, "VariantName", local.variant, { stat = "p99" }],
          ]
        }
      },
      {
        type = "metric", x = 16, y = row.y, width = 8, height = 6
        properties = {
          title = "${row.endpoint}: instances", region = var.region, period = 60
          metrics = [
            ["/aws/sagemaker/Endpoints", "CPUUtilization", "EndpointName", row.endpoint, "VariantName", local.variant],
            ["/aws/sagemaker/Endpoints", "MemoryUtilization", "EndpointName", row.endpoint, "VariantName", local.variant],
          ]
        }
      },
    ]])
  })
}
