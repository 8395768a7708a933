resource "aws_security_group" "lb" {
  name        = "${local.name}-lb"
  description = "Load balancer of the inference API"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "lb_https" {
  for_each          = toset(var.allowed_cidrs)
  security_group_id = aws_security_group.lb.id
  description       = "Callers"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = each.value
}

resource "aws_vpc_security_group_egress_rule" "lb_to_api" {
  security_group_id            = aws_security_group.lb.id
  description                  = "The API"
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
  referenced_security_group_id = aws_security_group.api.id
}

resource "aws_security_group" "api" {
  name        = local.name
  description = "The inference API: called by its load balancer only"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "api_from_lb" {
  security_group_id            = aws_security_group.api.id
  description                  = "Its load balancer"
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
  referenced_security_group_id = aws_security_group.lb.id
}

resource "aws_vpc_security_group_egress_rule" "api_https" {
  security_group_id = aws_security_group.api.id
  description       = "AWS"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_lb" "api" {
  name                       = local.name
  load_balancer_type         = "application"
  internal                   = var.internal
  security_groups            = [aws_security_group.lb.id]
  subnets                    = var.lb_subnet_ids
  idle_timeout               = local.lb_idle_seconds
  drop_invalid_header_fields = true
  enable_deletion_protection = var.deletion_protection
}

resource "aws_lb_target_group" "api" {
  name                 = local.name
  port                 = local.port
  protocol             = "HTTP"
  target_type          = "ip"
  vpc_id               = var.vpc_id
  deregistration_delay = 75

  # Alive, not ready: a broken model must not take the API away that would say so.
  health_check {
    path                = "/healthz"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "aws_lb_listener" "api" {
  load_balancer_arn = aws_lb.api.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.api.arn
  }
}

# Metrics are for the inside.
resource "aws_lb_listener_rule" "no_metrics" {
  listener_arn = aws_lb_listener.api.arn
  priority     = 1

  condition {
    path_pattern {
      values = ["/metrics", "/metrics/*"]
    }
  }

  action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}

# --- optional: requests to SageMaker stay in the network ---

# Only the API takes this way, by the link's own name (AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME in main.tf). A private DNS
# name would lead everybody in the network here, the bot's smoke tests too, and the policy would refuse them.

locals {
  private_link = length(var.private_link_endpoint_arns) > 0
}

resource "aws_security_group" "private_link" {
  count       = local.private_link ? 1 : 0
  name        = "${local.name}-sagemaker"
  description = "Private link to sagemaker.runtime"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "private_link" {
  count                        = local.private_link ? 1 : 0
  security_group_id            = aws_security_group.private_link[0].id
  description                  = "The API"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = aws_security_group.api.id
}

data "aws_iam_policy_document" "private_link" {
  statement {
    sid       = "AskTheseOnly"
    actions   = ["sagemaker:InvokeEndpoint"]
    resources = local.private_link ? var.private_link_endpoint_arns : ["*"]
    principals {
      type        = "AWS"
      identifiers = [var.task_role_arn]
    }
  }
}

resource "aws_vpc_endpoint" "sagemaker_runtime" {
  count               = local.private_link ? 1 : 0
  vpc_id              = var.vpc_id
  service_name        = "com.amazonaws.${var.region}.sagemaker.runtime"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = var.subnet_ids
  security_group_ids  = [aws_security_group.private_link[0].id]
  private_dns_enabled = false
  policy              = data.aws_iam_policy_document.private_link.json
}

# --- optional: one address cannot take it all ---

resource "aws_wafv2_web_acl" "api" {
  count       = var.waf_requests_per_five_minutes == null ? 0 : 1
  name        = local.name
  description = "Limits requests of one address"
  scope       = "REGIONAL"

  default_action {
    allow {}
  }

  rule {
    name     = "rate"
    priority = 1

    action {
      block {}
    }

    statement {
      rate_based_statement {
        limit              = var.waf_requests_per_five_minutes
        aggregate_key_type = "IP"
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "${local.name}-rate"
      sampled_requests_enabled   = false
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = local.name
    sampled_requests_enabled   = false
  }
}

resource "aws_wafv2_web_acl_association" "api" {
  count        = var.waf_requests_per_five_minutes == null ? 0 : 1
  resource_arn = aws_lb.api.arn
  web_acl_arn  = aws_wafv2_web_acl.api[0].arn
}
