# Every ARN is built from names. So the policies can be rendered, and tested, before anything of them exists, and no
# policy has to wait for another resource.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  # Called `region` from version 6 of the provider on; `name` works in both.
  region     = data.aws_region.current.name
  sagemaker  = "arn:${local.partition}:sagemaker:${local.region}:${local.account}"
  iam        = "arn:${local.partition}:iam::${local.account}"
  logs       = "arn:${local.partition}:logs:${local.region}:${local.account}"
  cloudwatch = "arn:${local.partition}:cloudwatch:${local.region}:${local.account}"
  ecr        = "arn:${local.partition}:ecr:${local.region}:${local.account}"
  table_arn  = "arn:${local.partition}:dynamodb:${local.region}:${local.account}:table/${var.table_name}"

  role_names = {
    sagemaker_execution     = "${var.prefix}sagemaker-execution"
    bot_task                = "${var.prefix}bot-task"
    bot_execution           = "${var.prefix}bot-execution"
    staging                 = "${var.prefix}staging"
    prod                    = "${var.prefix}prod"
    inference_api_task      = "${var.prefix}inference-api-task"
    inference_api_execution = "${var.prefix}inference-api-execution"
    pipeline                = "${var.prefix}pipeline"
  }
  role_arns = { for key, name in local.role_names : key => "${local.iam}:role/${name}" }

  environments = toset(["staging", "prod"])

  # SageMaker writes names in lower case into ARNs, whatever they were made with; services and prefix have no capitals.
  # What belongs to an environment: its endpoints by their full names, models and configs by what titanic begins them
  # with (`<prefix><service>-<environment>-v<version>-r<rollout>`).
  endpoint_arns = {
    staging = [for name, s in var.services : "${local.sagemaker}:endpoint/${lower(coalesce(s.staging_endpoint, "${var.prefix}${name}-staging"))}"]
    prod    = [for name, s in var.services : "${local.sagemaker}:endpoint/${lower(coalesce(s.prod_endpoint, "${var.prefix}${name}-prod"))}"]
  }
  config_arns = { for env in local.environments : env => [for name, _ in var.services : "${local.sagemaker}:endpoint-config/${var.prefix}${name}-${env}-v*"] }
  model_arns  = { for env in local.environments : env => [for name, _ in var.services : "${local.sagemaker}:model/${var.prefix}${name}-${env}-v*"] }

  # Of the alarms that guard a change of prod, which are named by the config that is brought there.
  guard_arns = [for name, _ in var.services : "${local.cloudwatch}:alarm:${var.prefix}${name}-prod-v*"]

  group_arns   = [for _, s in var.services : "${local.sagemaker}:model-package-group/${lower(s.model_package_group)}"]
  package_arns = [for _, s in var.services : "${local.sagemaker}:model-package/${lower(s.model_package_group)}/*"]

  # Of secrets and logs, whose names have slashes; as in the modules bot and inference-api.
  folder = trimsuffix(var.prefix, "-")
  # Secrets Manager appends a dash and six characters to the name.
  secret_arns = { for of in ["bot", "inference-api"] : of => "arn:${local.partition}:secretsmanager:${local.region}:${local.account}:secret:${local.folder}/${of}/*-??????" }
  log_arns    = { for of in ["bot", "inference-api"] : of => "${local.logs}:log-group:/${local.folder}/${of}" }
  repo_arns   = { for of in ["bot", "inference-api"] : of => "${local.ecr}:repository/${var.prefix}${of}" }
}
