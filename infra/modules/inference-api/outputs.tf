output "repository_url" {
  description = "Where the image is pushed."
  value       = aws_ecr_repository.api.repository_url
}

output "secret_names" {
  description = "The secrets whose values are still to be put in."
  value       = [aws_secretsmanager_secret.api_keys.name]
}

output "dns_name" {
  description = "Host name of the load balancer, for an alias record that fits the certificate."
  value       = aws_lb.api.dns_name
}

output "task_security_group_id" {
  description = "The tasks' security group."
  value       = aws_security_group.api.id
}
