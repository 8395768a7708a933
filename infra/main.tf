# Everything titanic needs on one account. Each part can be left out or used alone: see the README.

provider "aws" {
  region = var.region

  default_tags {
    tags = var.tags
  }

  # For trying against a local stand-in of AWS; nothing of this is set on a real account.
  access_key                  = local.local_stand_in ? "test" : null
  secret_key                  = local.local_stand_in ? "test" : null
  skip_credentials_validation = local.local_stand_in
  skip_metadata_api_check     = local.local_stand_in ? "true" : null
  skip_region_validation      = local.local_stand_in
  max_retries                 = local.local_stand_in ? 2 : null

  dynamic "endpoints" {
    for_each = local.local_stand_in ? [var.local_endpoint] : []
    content {
      applicationautoscaling = endpoints.value
      cloudwatch             = endpoints.value
      dynamodb               = endpoints.value
      ec2                    = endpoints.value
      ecr                    = endpoints.value
      ecs                    = endpoints.value
      elbv2                  = endpoints.value
      iam                    = endpoints.value
      logs                   = endpoints.value
      pipes                  = endpoints.value
      s3                     = endpoints.value
      sagemaker              = endpoints.value
      secretsmanager         = endpoints.value
      sns                    = endpoints.value
      sts                    = endpoints.value
      wafv2                  = endpoints.value
    }
  }
}

locals {
  local_stand_in = var.local_endpoint != null
}

# One topic for every alarm. Subscribe to it whoever is on call.
resource "aws_sns_topic" "alarms" {
  name = "${var.prefix}alarms"
}

module "iam" {
  source = "./modules/iam"

  prefix                 = var.prefix
  services               = var.services
  tags                   = var.tags
  table_name             = var.table_name
  allowed_instance_types = var.allowed_instance_types
  serverless_limits      = var.serverless_limits
  allow_prod_deletion    = var.allow_prod_deletion
  model_data_arns        = var.model_data_arns
  model_repository_arns  = var.model_repository_arns
  models_in_vpc          = var.models_in_vpc
  model_kms_key_arns     = var.model_kms_key_arns
  named_alarms           = var.named_alarms
  named_alarms_composite = var.named_alarms_composite
  bot_principal_arns     = var.bot_principal_arns
  staging_principal_arns = var.staging_principal_arns
  operator_may_append    = var.operator_may_append
  pipeline               = var.pipeline
}

module "state" {
  source = "./modules/state"

  table_name                 = var.table_name
  writer_principal_arns      = module.iam.writer_principal_arns
  break_glass_principal_arns = var.break_glass_principal_arns
  deletion_protection        = var.deletion_protection
  tamper_alarm               = var.tamper_alarm
  alarm_topic                = { name = aws_sns_topic.alarms.name, arn = aws_sns_topic.alarms.arn }
}

module "serving" {
  source = "./modules/serving"

  prefix          = var.prefix
  region          = var.region
  services        = var.services
  alarm_topic_arn = aws_sns_topic.alarms.arn
}

module "bot" {
  source = "./modules/bot"
  count  = var.network == null ? 0 : 1

  prefix               = var.prefix
  region               = var.region
  image                = var.bot.image
  cpu_architecture     = var.cpu_architecture
  desired_count        = var.bot.tasks
  delivery             = var.bot.http == null ? "socket" : "http"
  http                 = var.bot.http
  environment          = var.bot.environment
  vpc_id               = var.network.vpc_id
  subnet_ids           = var.network.subnet_ids
  assign_public_ip     = var.network.assign_public_ip
  task_role_arn        = module.iam.role_arns.bot_task
  execution_role_arn   = module.iam.role_arns.bot_execution
  secret_recovery_days = var.secret_recovery_days
  alarm_topic_arn      = aws_sns_topic.alarms.arn
}

module "inference_api" {
  source = "./modules/inference-api"
  count  = var.network == null || var.inference_api == null ? 0 : 1

  prefix                        = var.prefix
  region                        = var.region
  image                         = var.inference_api.image
  endpoint_name                 = module.serving.endpoint_names["${var.inference_api.service}-prod"]
  cpu_architecture              = var.cpu_architecture
  certificate_arn               = var.inference_api.certificate_arn
  lb_subnet_ids                 = var.inference_api.lb_subnet_ids
  internal                      = var.inference_api.internal
  allowed_cidrs                 = var.inference_api.allowed_cidrs
  environment                   = var.inference_api.environment
  capacity                      = var.inference_api.capacity
  waf_requests_per_five_minutes = var.inference_api.waf_requests_per_five_minutes
  private_link_endpoint_arns    = var.inference_api.private_link ? module.iam.prod_endpoint_arns : []
  deletion_protection           = var.deletion_protection
  vpc_id                        = var.network.vpc_id
  subnet_ids                    = var.network.subnet_ids
  assign_public_ip              = var.network.assign_public_ip
  task_role_arn                 = module.iam.role_arns.inference_api_task
  execution_role_arn            = module.iam.role_arns.inference_api_execution
  secret_recovery_days          = var.secret_recovery_days
  alarm_topic_arn               = aws_sns_topic.alarms.arn
}
