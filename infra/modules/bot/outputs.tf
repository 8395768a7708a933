output "repository_url" {
  description = "Where the image is pushed."
  value       = aws_ecr_repository.bot.repository_url
}

output "secret_names" {
  description = "The secrets whose values are still to be put in."
  value       = sort([for _, secret in aws_secretsmanager_secret.slack : secret.name])
}

output "cluster_name" {
  description = "Name of the ECS cluster."
  value       = aws_ecs_cluster.bot.name
}

output "security_group_id" {
  description = "The tasks' security group."
  value       = aws_security_group.bot.id
}

output "request_url" {
  description = "For delivery http: the host that the request URL of the Slack app has to lead to. null otherwise."
  value       = one(aws_lb.bot[*].dns_name)
}
