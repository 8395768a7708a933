output "role_arns" {
  description = "ARNs of all roles: sagemaker_execution, staging and prod are what titanic.yml wants under aws."
  value = merge(local.role_arns, {
    # Through the resources, so that whoever uses them waits for the roles.
    sagemaker_execution     = aws_iam_role.sagemaker_execution.arn
    bot_task                = aws_iam_role.bot_task.arn
    bot_execution           = aws_iam_role.ecs_execution["bot"].arn
    staging                 = aws_iam_role.environment["staging"].arn
    prod                    = aws_iam_role.environment["prod"].arn
    inference_api_task      = aws_iam_role.inference_api_task.arn
    inference_api_execution = aws_iam_role.ecs_execution["inference-api"].arn
    pipeline                = one(values(aws_iam_role.pipeline)[*].arn)
  })
}

output "writer_principal_arns" {
  description = "Who may write to the record, for the state module."
  value = concat(
    [local.role_arns.bot_task],
    var.operator_may_append ? [local.operator_arn] : [],
    [for _ in local.pipelines : local.role_arns.pipeline],
  )
}

output "boundary_arn" {
  description = "The permission boundary, for roles of your own."
  value       = aws_iam_policy.boundary.arn
}

output "operator_name" {
  description = "For infra/operator-keys.ts."
  value       = aws_iam_user.operator.name
}

output "policies" {
  description = "The rendered policies, for tests. `who` ones are trust policies."
  value = merge({
    bot-task                = data.aws_iam_policy_document.bot_task.json
    staging                 = data.aws_iam_policy_document.environment["staging"].json
    prod                    = data.aws_iam_policy_document.prod.json
    staging-who             = data.aws_iam_policy_document.environment_trust["staging"].json
    prod-who                = data.aws_iam_policy_document.environment_trust["prod"].json
    sagemaker-execution     = data.aws_iam_policy_document.sagemaker_execution.json
    sagemaker-execution-who = data.aws_iam_policy_document.sagemaker_trust.json
    bot-execution           = data.aws_iam_policy_document.ecs_execution["bot"].json
    inference-api-execution = data.aws_iam_policy_document.ecs_execution["inference-api"].json
    inference-api-task      = data.aws_iam_policy_document.inference_api_task.json
    ecs-who                 = data.aws_iam_policy_document.ecs_trust.json
    bot-task-who            = data.aws_iam_policy_document.bot_trust.json
    operator                = data.aws_iam_policy_document.operator.json
    boundary                = data.aws_iam_policy_document.boundary.json
    }, var.pipeline == null ? {} : {
    pipeline     = data.aws_iam_policy_document.pipeline["github"].json
    pipeline-who = data.aws_iam_policy_document.pipeline_trust["github"].json
  })
}

output "prod_endpoint_arns" {
  description = "ARNs of the prod endpoints, made or not."
  value       = local.endpoint_arns.prod
}
