output "table_name" {
  description = "For aws.table of titanic.yml."
  value       = aws_dynamodb_table.log.name
}

output "table_arn" {
  description = "ARN of the table."
  value       = aws_dynamodb_table.log.arn
}

output "policies" {
  description = "The rendered policies, for tests."
  value = {
    table           = data.aws_iam_policy_document.table.json
    tamper-pipe     = data.aws_iam_policy_document.pipe.json
    tamper-pipe-who = data.aws_iam_policy_document.pipe_trust.json
  }
}
