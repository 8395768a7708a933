output "model_package_groups" {
  description = "ARNs of the Model Registry groups that were made here, by name."
  value       = { for name, group in aws_sagemaker_model_package_group.group : name => group.arn }
}

output "endpoint_names" {
  description = "Names that titanic gives the endpoints, by service and environment."
  value       = { for key, endpoint in local.endpoints : key => endpoint.name }
}

output "alarm_names" {
  description = "Names of all alarms, for guards of an update."
  value = sort(concat(
    [for _, alarm in aws_cloudwatch_metric_alarm.rate : alarm.alarm_name],
    [for _, alarm in aws_cloudwatch_metric_alarm.latency : alarm.alarm_name],
    [for _, alarm in aws_cloudwatch_metric_alarm.silent : alarm.alarm_name],
  ))
}

output "dashboard_name" {
  description = "Name of the dashboard."
  value       = aws_cloudwatch_dashboard.endpoints.dashboard_name
}
