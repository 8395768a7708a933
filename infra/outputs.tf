output "titanic_yml" {
  description = "What titanic.yml wants under aws."
  value = {
    table            = module.state.table_name
    executionRoleArn = module.iam.role_arns.sagemaker_execution
    stagingRoleArn   = module.iam.role_arns.staging
    prodRoleArn      = module.iam.role_arns.prod
  }
}

output "secrets_to_fill" {
  description = "Secrets that exist without a value."
  value       = concat(flatten(module.bot[*].secret_names), flatten(module.inference_api[*].secret_names))
}

output "repositories" {
  description = "Where the images are pushed."
  value       = { bot = one(module.bot[*].repository_url), inference_api = one(module.inference_api[*].repository_url) }
}

output "inference_api_host" {
  description = "Host name of the inference API's load balancer."
  value       = one(module.inference_api[*].dns_name)
}

output "alarm_topic_arn" {
  description = "Subscribe to it whoever is on call."
  value       = aws_sns_topic.alarms.arn
}

output "pipeline_role_arn" {
  description = "What a workflow takes on: the variable TITANIC_ROLE_ARN of docs/pipeline.md."
  value       = module.iam.role_arns.pipeline
}

output "policies" {
  description = "The rendered policies, for tests. No secret: only too long to be shown after every apply."
  sensitive   = true
  value       = merge(module.iam.policies, module.state.policies)
}
