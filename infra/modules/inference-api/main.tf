# The HTTP service in front of prod, on Fargate behind a load balancer.

locals {
  name = "${var.prefix}inference-api"
  # Of secrets and logs, whose names have slashes; as in the module iam.
  folder  = trimsuffix(var.prefix, "-")
  port    = 8080
  actions = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
  # An endpoint has 60 s to answer. Each hop waits longer than the one behind it, so that the answer that says what
  # went wrong is the one that arrives.
  lb_idle_seconds = 75
  # The task reads the keys itself and again every minute, so one can be taken back without a restart. The API refuses
  # to start with keys that have no effect, so the secret is named only where it is the source.
  auth        = lookup(var.environment, "INFERENCE_API_AUTH", "api-keys")
  from_secret = local.auth == "api-keys" && !contains(keys(var.environment), "INFERENCE_API_KEYS_FILE")
  defaults = merge(
    { INFERENCE_API_AUTH = local.auth },
    local.from_secret ? { INFERENCE_API_KEYS_SECRET = aws_secretsmanager_secret.api_keys.name } : {},
  )
  # The first of a link's names is that of all its zones together.
  through_the_link = { for link in aws_vpc_endpoint.sagemaker_runtime : "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME" => "https://${link.dns_entry[0].dns_name}" }
}

resource "aws_ecr_repository" "api" {
  name                 = local.name
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }
}

# Hashes of the keys, put in by hand (see the README), so that they never stand in a state.
resource "aws_secretsmanager_secret" "api_keys" {
  name                    = "${local.folder}/inference-api/api-keys"
  description             = "Hashed keys of callers; several are valid at once, so that one can be exchanged"
  recovery_window_in_days = var.secret_recovery_days
}

resource "aws_cloudwatch_log_group" "api" {
  name              = "/${local.folder}/inference-api"
  retention_in_days = var.log_retention_days
}

resource "aws_ecs_cluster" "api" {
  name = local.name

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_task_definition" "api" {
  count                    = var.image == null ? 0 : 1
  family                   = local.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory
  task_role_arn            = var.task_role_arn
  execution_role_arn       = var.execution_role_arn

  runtime_platform {
    cpu_architecture        = var.cpu_architecture
    operating_system_family = "LINUX"
  }

  container_definitions = jsonencode([{
    name                   = "inference-api"
    image                  = var.image
    essential              = true
    user                   = "1000:1000"
    readonlyRootFilesystem = true
    linuxParameters        = { initProcessEnabled = true, capabilities = { drop = ["ALL"] } }
    portMappings           = [{ containerPort = local.port, hostPort = local.port, protocol = "tcp" }]
    environment = [for key, value in merge(local.defaults, local.through_the_link, var.environment, {
      AWS_REGION                     = var.region
      PORT                           = tostring(local.port)
      INFERENCE_API_ENDPOINT         = var.endpoint_name
      INFERENCE_API_ALB_IDLE_SECONDS = tostring(local.lb_idle_seconds)
    }) : { name = key, value = value }]
    healthCheck = {
      command     = ["CMD", "node", "-e", "fetch('http://127.0.0.1:${local.port}/healthz').then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))"]
      interval    = 15
      timeout     = 5
      retries     = 3
      startPeriod = 15
    }
    # Draining and the slowest answer, which the API allows itself 90 s for.
    stopTimeout = 110
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.api.name
        awslogs-region        = var.region
        awslogs-stream-prefix = "api"
      }
    }
  }])
}

resource "aws_ecs_service" "api" {
  count                              = var.image == null ? 0 : 1
  name                               = local.name
  cluster                            = aws_ecs_cluster.api.id
  task_definition                    = aws_ecs_task_definition.api[0].arn
  desired_count                      = var.capacity.min
  launch_type                        = "FARGATE"
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  enable_ecs_managed_tags            = true
  propagate_tags                     = "SERVICE"
  availability_zone_rebalancing      = "ENABLED"
  health_check_grace_period_seconds  = 30

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [aws_security_group.api.id]
    assign_public_ip = var.assign_public_ip
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.api.arn
    container_name   = "inference-api"
    container_port   = local.port
  }

  lifecycle {
    # Autoscaling's.
    ignore_changes = [desired_count]
  }

  depends_on = [aws_lb_listener.api]
}
